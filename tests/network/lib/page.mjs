// SPDX-License-Identifier: Apache-2.0

// Parses the steps of a documentation page: commands, calls, and instructions for the test in
// comments.

const COMMENT = /^<!-- test: (.+) -->$/;

/**
 * Returns the steps of a page, in order:
 * - `{ kind: 'sh', who, isNode, text }`: a block of commands, for one company or for `each`. With
 *   `isNode`, it keeps running.
 * - `{ kind: 'walk', by | motion | unsigned, call, args }`: a call, signed or decided by a motion.
 * - `{ kind: 'test', text }`: an observation of the reader, or an action elsewhere.
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
  if (block) throw new Error(`${block.where}: the block has no end`);
  return steps.filter(Boolean);
}

function finished({ info: [language, ...words], where, lines }) {
  if (language === 'walk') return walk(where, lines);
  if (language !== 'sh') return undefined;
  const isNode = words[0] === 'node';
  const [who, ...more] = isNode ? words.slice(1) : words;
  if (!who || more.length > 0) throw new Error(`${where}: name one company, or each`);
  return { kind: 'sh', where, who, isNode, text: lines.join('\n') };
}

function walk(where, lines) {
  const step = { kind: 'walk', where, args: [] };
  for (const line of lines) {
    const [, key, name, value] =
      /^(call|by|motion|unsigned|arg ([A-Za-z]+)): (.*)$/.exec(line) ?? [];
    if (!key) throw new Error(`${where}: not a line of a call: ${line}`);
    if (name) step.args.push([name, value]);
    else step[key] = value;
  }
  step.call ??= step.motion ?? step.unsigned;
  if (!step.call) throw new Error(`${where}: the call is missing`);
  return step;
}
