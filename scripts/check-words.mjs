#!/usr/bin/env node
// Usage: scripts/check-words.mjs [--help] [FILE...]
//
// Checks the words of all tracked files, and prints each fault as `FILE:LINE: RULE: FAULT`:
//   phrase  a phrase of PHRASES, or a sentence that begins with a word of STARTS, in comments or in
//           the prose of a page. Inline code, code blocks and questions are not checked.
//   width   a line of a page, of Rust, JavaScript, Python or shell with more than 100 columns.
//           Tables, code blocks of pages, links, and literals and words that fill most of a line
//           may be wider.
//   link    a link in a page to a file or heading that does not exist; in other files, the path of
//           a page that does not exist
// Generated files and fixtures (LEFT_OUT) are checked only for broken links. Correct uses of a
// phrase, with the reason, are in ALLOWED below.
//
//   FILE  a file to check, default: all tracked files

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = dirname(import.meta.dirname);
const COLUMNS = 100;

// Regular expressions, and the words to write instead. A space also matches a line break.
const PHRASES = [
  ['whoever', 'the account that'],
  ['whatever', 'any, or the name of the thing'],
  ['so many', 'at most N, or the number of'],
  ['so long(?! as\\b)', 'the duration, or as long as'],
  ['(?<!there )(?:is|are|was|were) no (?!longer|more|less|\\w+er than)(?=\\w)', 'is not a'],
  ['of (?:themselves|itself)', 'name the actor, or leave it out'],
  ['for ever', 'permanently'],
  ['for good(?! (?:reasons?|measure)\\b)', 'permanently'],
  ['nobody', 'no one, or no account'],
  ['anybody', 'anyone, or any account'],
  ['somebody', 'someone, or an account'],
  ['everybody', 'everyone, or every account'],
  ['(?:stands?|stood) in(?! for\\b)', 'is in'],
  ['as (?:it|they) stands?', 'current'],
  ['(?:hangs?|hung) on', 'depends on, or is linked from'],
  ['(?:gives?|given|gave) back', 'returns'],
  ['(?:had|would) better', 'should'],
  ['turn(?:s|ed)? away', 'rejected'],
  ['at once', 'immediately, or at the same time'],
  ['goes on', 'continues'],
  ['now and then', 'occasionally, or at random'],
  ['is said', 'is logged, or is reported'],
  ['tells', 'returns, says, reports or shows'],
  ['counts? for nothing', 'has no effect'],
  ['that is all there is', 'leave it out'],
  ['but for', 'except'],
  ['by what right', 'by which authority'],
];

// Words that begin only questions, and the words to write instead. In pages they may begin a label,
// and `Whether` a sentence. `Whether` may also begin the documentation of a field or type.
const STARTS = new Map([
  ['What', 'begin with a noun or a verb'],
  ['Who', 'begin with a noun: the account that'],
  ['How', 'begin with a noun: the number of, the time that'],
  ['Whether', 'returns true if, or checks that'],
  ['Answers', 'returns'],
]);

// Correct uses: file, phrase, reason.
const ALLOWED = [];

const LEFT_OUT = [
  /^docs\/extrinsics\.md$/, // generated, like the next five
  /\.generated\.mjs$/,
  /^crates\/data-schema\/src\/\w+\/advice\.rs$/,
  /^pallets\/data-container\/src\/views\/dry_runs\/advice\.rs$/,
  /^runtime\/src\/weights\//,
  /^pallets\/[\w-]+\/src\/weights\.rs$/,
  /(?:^|\/)(?:corpus|vectors|snapshots)\//,
];

// The kinds of files with words. All others are data.
const KINDS = [
  [/(?:\.md|^NOTICE)$/, 'page'],
  [/\.rs$/, 'rust'],
  [/\.m?js$/, 'js'],
  [/\.py$/, 'python'],
  [/(?:\.sh|^\.ci\/run)$/, 'shell'],
  [/\.(?:toml|in)$/, 'settings'],
];

const either = (...parts) => new RegExp(parts.map(({ source }) => source).join('|'), 'g');

// A comment, or a literal that can contain the mark of a comment, whichever starts first.
const TOKENS = {
  rust: either(
    /\/\/.*|\/\*[\s\S]*?\*\//,
    /\b[bc]?r(#*)"[\s\S]*?"\1/,
    /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\\n]|\\[^'\n]+|\\')'/,
  ),
  js: either(
    /\/\/.*|\/\*[\s\S]*?\*\//,
    /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/,
    // A template, whose code can contain simple templates.
    /`(?:[^`\\$]|\\[\s\S]|\$(?!\{)|\$\{(?:[^`{}]|`[^`]*`|\{[^{}]*\})*\})*`/,
    // A regular expression.
    /(?<=[(,=:[!&|?{};>]\s*|return )\/(?!\*)(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+\/[a-z]*/,
  ),
  python: either(/#.*|"""[\s\S]*?"""/, /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/),
};

const CODE = /(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g;

/** Returns the kind of a file, or `undefined` if it has no words to check. */
export function kindOf(file) {
  return KINDS.find(([pattern]) => pattern.test(file))?.[1];
}

function newlines(text) {
  return text.split('\n').length - 1;
}

function numbered(text) {
  return text.split('\n').map((words, index) => ({ line: index + 1, words }));
}

/** Returns the comments and literals of a file, and for each whether it begins its line. */
function tokens(text, kind) {
  let line = 1;
  let end = 0;
  return [...text.matchAll(TOKENS[kind])].map(({ 0: token, index }) => {
    line += newlines(text.slice(end, index));
    end = index;
    const alone = !text.slice(text.lastIndexOf('\n', index - 1) + 1, index).trim();
    return { token, line, alone };
  });
}

/** Returns the comments of a file as tokens, for kinds whose literals are not recognised. */
function hashes(text) {
  return numbered(text).flatMap(({ line, words }) => {
    const [, before, token] = words.match(/^(|.*?\s)(#(?!!).*)$/) ?? [];
    // After code, a # begins a comment only if no literal comes before it.
    return token && !/["'`]/.test(before) ? [{ token, line, alone: !before.trim() }] : [];
  });
}

/**
 * Returns the comments of a file without their marks: blocks of lines, each with its number.
 * Comments on consecutive lines form one block.
 */
export function comments(text, kind) {
  const blocks = [];
  let last;
  for (const { token, line, alone } of TOKENS[kind] ? tokens(text, kind) : hashes(text)) {
    const [mark] = token.match(/^(?:\/\/[/!]?|\/\*+|#|""")/) ?? [];
    if (!mark || (mark === '"""' && !alone)) continue;
    const inner = token.slice(mark.length).replace(/\s*(?:\*\/|""")$/, '');
    const block = inner.split('\n').map((words, more) => ({
      line: line + more,
      words: more === 0 ? words.replace(/^ /, '') : words.replace(/^\s*(?:\* ?)?/, ''),
    }));
    const joins = alone && mark === last?.mark && line === last.block.at(-1).line + 1;
    if (joins && !/^[/"]["*]/.test(mark)) {
      last.block.push(...block);
    } else {
      blocks.push(block);
      last = alone ? { mark, block } : undefined;
    }
  }
  return blocks;
}

/**
 * Adds to each line of Markdown what it is: `code`, `html`, `table`, `heading`, `item` (the first
 * line of a list's item), `blank` or `text`.
 */
export function classify(lines) {
  let fence;
  let html = false;
  let list = false;
  let before = 'blank';
  return lines.map(({ line, words }) => {
    const [, mark] = words.match(/^\s*(?:> ?)?(`{3,}|~{3,})/) ?? [];
    let is = 'text';
    if (fence) {
      is = 'code';
      if (mark?.startsWith(fence)) fence = undefined;
    } else if (mark) {
      is = 'code';
      fence = mark;
    } else if (html || /^\s*<!--/.test(words)) {
      is = 'html';
      html = !words.includes('-->');
    } else if (!words.trim()) is = 'blank';
    else if (/^#{1,6} /.test(words)) is = 'heading';
    else if (/^\s*\|/.test(words)) is = 'table';
    else if (/^\s*(?:[-*+]|\d+[.)]) /.test(words)) is = 'item';
    else if (/^ {4}/.test(words) && !list && ['blank', 'code'].includes(before)) is = 'code';
    if (is === 'item') list = true;
    else if (is === 'heading' || (before === 'blank' && /^\S/.test(words))) list = false;
    before = is;
    return { line, words, is };
  });
}

/**
 * Returns the paragraphs, items and rows of Markdown: text, in which x replaces inline code and the
 * targets of links, and the numbers of its lines.
 */
export function paragraphs(lines) {
  const found = [];
  let open;
  for (const { line, words, is } of classify(lines)) {
    if (!['text', 'item', 'table'].includes(is)) {
      open = undefined;
      continue;
    }
    if (!open || is !== 'text' || /^@\w/.test(words)) {
      open = { is, text: words, lines: [line] };
      found.push(open);
    } else {
      open.text += `\n${words}`;
      open.lines.push(line);
    }
    if (is === 'table') open = undefined;
  }
  for (const each of found) {
    each.text = each.text
      .replace(CODE, (code) => code.replace(/\S/g, 'x'))
      .replace(/\]\([^)\s]*\)|https?:\/\/\S+/g, (target) => 'x'.repeat(target.length));
  }
  return found;
}

const PATTERNS = PHRASES.map(([phrase, instead]) => [
  new RegExp(`\\b(?:${phrase.replaceAll(' ', '\\s+')})\\b`, 'gi'),
  instead,
]);
// A word of STARTS at the beginning of a paragraph or after a sentence, up to the sentence's end.
const START = new RegExp(
  '(?:^\\s*(?:(?:[-*+]|\\d+[.)]) )?|[.!?]["\')*_]*\\s+)(["\'(*_]*)' +
    `(${[...STARTS.keys()].join('|')})\\b(?![-'])(?:[^.?!]|[.?!](?=\\S))*`,
  'g',
);

/** Returns the faulty phrases of a paragraph in a page or in comments. */
export function phrases({ is, text, lines }, isPage) {
  const found = [];
  const lineOf = (index) => lines[newlines(text.slice(0, index))];
  for (const [pattern, instead] of PATTERNS) {
    for (const { 0: match, index } of text.matchAll(pattern)) {
      const phrase = match.trim().replace(/\s+/g, ' ').toLowerCase();
      found.push({ line: lineOf(index), phrase, instead });
    }
  }
  if (is === 'table') return found;
  for (const { 0: match, 1: mark, 2: word, index } of text.matchAll(START)) {
    if (text[index + match.length] === '?') continue;
    if (isPage && (word === 'Whether' || /[*_]/.test(mark) || /:\s*$/.test(match))) continue;
    const line = lineOf(index + match.indexOf(word));
    found.push({ line, phrase: `${word} ...`, instead: STARTS.get(word) });
  }
  return found;
}

/** Returns `true` if a line of a comment in Rust is before a function. */
export function documentsFunction(text, line) {
  const next = text.split('\n').slice(line).find((words) => !/^\s*(?:\/\/|#\[|$)/.test(words));
  return /\bfn\b/.test(next ?? '');
}

/** Returns the numbers of the lines that are too wide but could be wrapped. */
export function wide(text, kind) {
  if (kind === 'settings') return [];
  let lines = numbered(text).map((each) => ({ ...each, is: 'text' }));
  if (kind === 'page') lines = classify(lines);
  const literals = new Set();
  for (const { token, line } of TOKENS[kind] ? tokens(text, kind) : []) {
    // Raw strings, templates and regular expressions that need most of a line.
    if (!/^(?:[bc]?r#*"|`|\/(?![/*]))/.test(token) || token.length < COLUMNS - 30) continue;
    for (let each = line; each <= line + newlines(token); each++) literals.add(each);
  }
  const isLink = (words) => /^\s*(?:[-*+] |\d+[.)] )?!?\[[^\]]*\]\([^)]*\)[.,;:]?$/.test(words);
  const isRow = (words) => /^\s*\/\/[/!] \|/.test(words);
  return lines
    .filter(({ words, is }) => [...words].length > COLUMNS && /^(?:text|item|heading)$/.test(is))
    .filter(({ line, words }) => !isLink(words) && !isRow(words) && !literals.has(line))
    .filter(({ words }) => !/https?:\/\/|\S{70}/.test(words))
    .map(({ line }) => line);
}

/** Returns the anchors of a page: its own, and those that GitHub gives to its headings. */
export function anchors(text) {
  const found = new Set([...text.matchAll(/<\w[^>]*\b(?:id|name)="([^"]+)"/g)].map(([, id]) => id));
  for (const { words } of classify(numbered(text)).filter(({ is }) => is === 'heading')) {
    const slug = words
      .replace(/^#+ +|\s+#*$/g, '')
      .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let more = 1; found.has(anchor); more++) anchor = `${slug}-${more}`;
    found.add(anchor);
  }
  return found;
}

/** Returns the targets of the links in a page, each with its line. */
export function links(text) {
  return classify(numbered(text)).flatMap(({ line, words, is }) => {
    if (is === 'code') return [];
    const prose = words.replace(CODE, '');
    const targets = [
      ...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g),
      ...prose.matchAll(/^\s*\[[^\]]+\]:\s+<?([^\s>]+)>?/g),
      ...prose.matchAll(/<(?:a|img)\b[^>]*\b(?:href|src)="([^"]+)"/g),
    ];
    return targets.map(([, target]) => ({ line, target }));
  });
}

/** Returns the paths of pages in a file of another kind, each with its line. */
export function mentions(text) {
  const path = /(?<![\w/.$}-])(?:docs|client|tests)\/[\w/-]+\.md\b(?:#[\w-]+)?/g;
  return numbered(text).flatMap(({ line, words }) =>
    [...words.matchAll(path)].map(([target]) => ({ line, target })),
  );
}

/**
 * Returns the fault of a link, or `undefined`. `base` is the folder that the path is relative to,
 * `tracked` has the tracked files and folders, `anchorsOf` returns the anchors of a page.
 */
export function broken(target, file, base, tracked, anchorsOf) {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return undefined;
  const [path, anchor] = decodeURIComponent(target).split('#');
  const to = path ? join(base, path).replace(/\/$/, '') : file;
  if (to !== '.' && !tracked.has(to)) return `${target}: no tracked file has this path`;
  if (anchor && to.endsWith('.md') && !anchorsOf(to).has(anchor)) {
    return `${target}: ${to} has no such heading`;
  }
  return undefined;
}

function check(chosen) {
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' });
  const all = listed.split('\0').filter((file) => file && existsSync(join(ROOT, file)));
  const tracked = new Set(all);
  for (const file of all) {
    for (let folder = dirname(file); folder !== '.'; folder = dirname(folder)) tracked.add(folder);
  }
  const read = (file) => readFileSync(join(ROOT, file), 'utf8');
  const known = new Map();
  const anchorsOf = (file) => {
    if (!known.has(file)) known.set(file, anchors(read(file)));
    return known.get(file);
  };

  const counts = { files: 0, paragraphs: 0, links: 0 };
  const faults = [];
  const used = new Set();
  for (const file of chosen.length > 0 ? chosen : all) {
    const kind = kindOf(file);
    if (!kind) continue;
    counts.files++;
    const text = read(file);
    const fault = (line, rule, what) => faults.push(`${file}:${line}: ${rule}: ${what}`);

    const isPage = kind === 'page';
    for (const { line, target } of isPage ? links(text) : mentions(text)) {
      counts.links++;
      const what = broken(target, file, isPage ? dirname(file) : '.', tracked, anchorsOf);
      if (what) fault(line, 'link', what);
    }
    if (LEFT_OUT.some((pattern) => pattern.test(file))) continue;

    const found = (isPage ? [numbered(text)] : comments(text, kind)).flatMap(paragraphs);
    counts.paragraphs += found.length;
    for (const { line, phrase, instead } of found.flatMap((each) => phrases(each, isPage))) {
      const isWhether = phrase === 'Whether ...' && kind === 'rust';
      if (isWhether && !documentsFunction(text, line)) continue;
      const allowed = ALLOWED.find((each) => each[0] === file && each[1] === phrase);
      if (allowed) used.add(allowed);
      else fault(line, 'phrase', `"${phrase}"; instead: ${instead}`);
    }
    for (const line of wide(text, kind)) fault(line, 'width', `more than ${COLUMNS} columns`);
  }
  if (chosen.length === 0) {
    for (const [file, phrase] of ALLOWED.filter((each) => !used.has(each))) {
      faults.push(`${file}:1: phrase: ALLOWED has "${phrase}", but the file does not have it`);
    }
  }
  for (const fault of faults) console.log(fault);
  const summary = `${counts.files} files, ${counts.paragraphs} paragraphs, ${counts.links} links`;
  console.log(`${summary}: ${faults.length} faults`);
  return faults.length === 0;
}

if (process.argv[1] && resolve(process.argv[1]) === import.meta.filename) {
  const options = process.argv.slice(2);
  if (options.includes('--help') || options.includes('-h')) {
    const [, manual] = readFileSync(import.meta.filename, 'utf8').match(/\n((?:\/\/.*\n)+)/);
    process.stdout.write(manual.replace(/^\/\/ ?/gm, ''));
    process.exit(0);
  }
  process.exit(check(options.map((file) => relative(ROOT, resolve(file)))) ? 0 : 1);
}
