// SPDX-License-Identifier: Apache-2.0

// What a page of the documentation tells to do, step by step: commands, calls, and what the test is
// told in comments.

const COMMENT = /^<!-- test: (.+) -->$/;

/**
 * The steps of a page, in order:
 * - `{ kind: 'sh', who, isNode, text }`: a block of commands, for one company or for `each`, of which
 *   `node` is one that keeps running.
 * - `{ kind: 'walk', by | motion | unsigned, call, args }`: a call, signed or decided.
 * - `{ kind: 'test', text }`: what a reader sees with their eyes, or does elsewhere.
 */
export function stepsOf(markdown) {
  const steps = [];
  let block;
  for (const [index, line] of markdown.split('\n').entries()) {
    const where = `line ${index + 1}`;
    if (block) {
      if (line === '```') {
        steps.push(finished(block));
        block = undefined;
      } else block.lines.push(line);
      continue;
    }
    const [, comment] = COMMENT.exec(line) ?? [];
    if (comment) steps.push({ kind: 'test', where, text: comment });
    const [, info] = /^```(.+)$/.exec(line) ?? [];
    if (info) block = { info: info.split(' '), where, lines: [] };
  }
  if (block) throw new Error(`${block.where}: the block does not end`);
  return steps.filter(Boolean);
}

function finished({ info: [language, ...words], where, lines }) {
  if (language === 'walk') return walk(where, lines);
  if (language !== 'sh') return undefined;
  const isNode = words[0] === 'node';
  const [who, ...more] = isNode ? words.slice(1) : words;
  if (!who || more.length > 0) throw new Error(`${where}: who runs this?`);
  return { kind: 'sh', where, who, isNode, text: lines.join('\n') };
}

function walk(where, lines) {
  const step = { kind: 'walk', where, args: [] };
  for (const line of lines) {
    const [, key, name, value] = /^(call|by|motion|unsigned|arg ([A-Za-z]+)): (.*)$/.exec(line) ?? [];
    if (!key) throw new Error(`${where}: this is no line of a call: ${line}`);
    if (name) step.args.push([name, value]);
    else step[key] = value;
  }
  step.call ??= step.motion ?? step.unsigned;
  if (!step.call) throw new Error(`${where}: which call?`);
  return step;
}
