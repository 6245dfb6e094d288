// Tests of the rules of scripts/check-words.mjs. The step `words` of scripts/test.sh runs them.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  anchors, broken, classify, comments, documentsFunction, kindOf, links, mentions, paragraphs,
  phrases, wide,
} from './check-words.mjs';

const numbered = (text) =>
  text.split('\n').map((each, index) => ({ line: index + 1, words: each }));
const short = (found) => found.map(({ line, phrase }) => `${line} ${phrase}`);
const page = (text) => short(paragraphs(numbered(text)).flatMap((each) => phrases(each, true)));
const code = (text, kind) =>
  short(comments(text, kind).flatMap(paragraphs).flatMap((each) => phrases(each, false)));
const blocks = (text, kind) =>
  comments(text, kind).map((block) => block.map(({ line, words: each }) => `${line} ${each}`));

test('kinds of files are known by their names', () => {
  assert.equal(kindOf('docs/operations.md'), 'page');
  assert.equal(kindOf('node/src/main.rs'), 'rust');
  assert.equal(kindOf('.ci/run'), 'shell');
  assert.equal(kindOf('docs/performance/bench.svg'), undefined);
});

test('comments of Rust are found, and text in literals is not', () => {
  const text = [
    '//! The crate.',
    '//!',
    '//! More.',
    'let a = "// text"; // After code.',
    'let b = r#"a "quoted" // text"#;',
    "let c = '\"'; // After a quote.",
    '/* A block',
    ' * of lines. */',
    "fn d<'a>(e: &'a str) {} // After a lifetime.",
  ].join('\n');
  assert.deepEqual(blocks(text, 'rust'), [
    ['1 The crate.', '2 ', '3 More.'],
    ['4 After code.'],
    ['6 After a quote.'],
    ['7 A block', '8 of lines.'],
    ['9 After a lifetime.'],
  ]);
});

test('comments of JavaScript are found, and text in literals is not', () => {
  const text = [
    '/** A function. */',
    'const a = `// text ${b(`// ${c}`)}`; // One.',
    "const d = text.split(/['\"]\\/\\//); // Two.",
    "const e = 'it\\'s // text'; // Three.",
  ].join('\n');
  const found = [['1 A function.'], ['2 One.'], ['3 Two.'], ['4 Three.']];
  assert.deepEqual(blocks(text, 'js'), found);
});

test('comments of Python and shell are found', () => {
  const python = '"""The module."""\na = "# text"  # One.\n# Two.\n# Three.';
  assert.deepEqual(blocks(python, 'python'), [
    ['1 The module.'],
    ['2 One.'],
    ['3 Two.', '4 Three.'],
  ]);
  const shell = '#!/bin/sh\n# One.\na=$# b=${c#d} # Two.\necho "e # text"';
  assert.deepEqual(blocks(shell, 'shell'), [['2 One.'], ['3 Two.']]);
});

test('phrases are found in any case and across lines', () => {
  assert.deepEqual(code('// Whoever signs, so\n// many times.', 'rust'), [
    '1 whoever',
    '1 so many',
  ]);
  assert.deepEqual(page('The value is\nno JSON.'), ['1 is no']);
  assert.deepEqual(page('| a | so many |'), ['1 so many']);
});

test('phrases that are parts of others are correct', () => {
  assert.deepEqual(
    page('There is no node. It is no longer valid, and is no larger than that.'),
    [],
  );
  assert.deepEqual(page('It stands in for the node, so long as it runs, for good reasons.'), []);
  assert.deepEqual(page('The answer is no. Two foretells.'), []);
});

test('code and targets of links are not words', () => {
  assert.deepEqual(page('A `so many` and [this](for-ever/at%20once.md).'), []);
  assert.deepEqual(page('```sh\n# at once\n```\n\n    at once\n\n<!-- at once\nat once -->'), []);
  assert.deepEqual(code('/// ```\n/// // at once\n/// ```', 'rust'), []);
});

test('sentences begin with a subject or a verb', () => {
  assert.deepEqual(code('// What a node does.', 'js'), ['1 What ...']);
  assert.deepEqual(code('/** Waits. Answers when\n * it ends. How\n * it ends. */', 'js'), [
    '1 Answers ...',
    '2 How ...',
  ]);
  assert.deepEqual(page('- Who pays is open.'), ['1 Who ...']);
  assert.deepEqual(code('// The answer is open. Whatsoever.', 'js'), []);
});

test('questions, headings, rows and labels of pages may begin with a question word', () => {
  assert.deepEqual(code('// Who owns v1.0? The caller.', 'js'), []);
  assert.deepEqual(page('## How to start\n\n| What it does | Who |\n'), []);
  assert.deepEqual(page('What it costs:\n\n1. *What is stored.* Whether it fits is open.'), []);
});

test('a field may be documented with Whether, a function may not', () => {
  const text =
    '/// Whether it runs.\n#[serde(default)]\npub runs: bool,\n/// Whether.\npub fn a() {}';
  assert.equal(documentsFunction(text, 1), false);
  assert.equal(documentsFunction(text, 4), true);
});

test('lines have at most 100 columns', () => {
  const long = 'word '.repeat(20);
  assert.deepEqual(wide(`${long}\n${long}x`, 'page'), [2]);
  assert.deepEqual(wide('é'.repeat(100), 'page'), []);
  assert.deepEqual(wide(`// ${long}\nconst a = '${long}';`, 'js'), [1, 2]);
  assert.deepEqual(wide(`# ${long}`, 'settings'), []);
});

test('lines that cannot be wrapped may be wider', () => {
  const long = 'word '.repeat(20);
  assert.deepEqual(wide(`| ${long}|\n\`\`\`\n${long}x\n\`\`\``, 'page'), []);
  assert.deepEqual(wide(`- [${long}](a.md)\n${long} https://example.com`, 'page'), []);
  assert.deepEqual(wide(`use ${'long::'.repeat(20)}path;`, 'rust'), []);
  assert.deepEqual(wide(`/// | ${long}|\nlet a = r#"${long}"#;`, 'rust'), []);
  assert.deepEqual(wide(`const a = /${long}/;\nconst b = \`\n${long}x\n\`;`, 'js'), []);
});

test('anchors of headings are those of GitHub', () => {
  const text =
    '# A `code`, and [a link](b.md)!\n## Twice\n## Twice\n```\n# none\n```\n<a id="own"></a>';
  assert.deepEqual([...anchors(text)].sort(), ['a-code-and-a-link', 'own', 'twice', 'twice-1']);
  assert.deepEqual([...anchors('## Größe & snake_case')], ['größe--snake_case']);
});

test('links are found outside of code', () => {
  const text =
    '[a](b.md#c) ![d](e.svg "f") `[g](h)`\n```\n[i](j)\n```\n[k]: l.md\n<img src="m.svg">';
  assert.deepEqual(links(text), [
    { line: 1, target: 'b.md#c' },
    { line: 1, target: 'e.svg' },
    { line: 5, target: 'l.md' },
    { line: 6, target: 'm.svg' },
  ]);
});

test('paths of pages are found in code', () => {
  const [first, second] = [`${'docs/operations.md'}#anchor`, 'client/js/README.md'];
  const text = `// See ${first}, \`${second}\`.\nconst c = \`\${dir}/${second}\`;`;
  assert.deepEqual(mentions(text), [
    { line: 1, target: first },
    { line: 1, target: second },
  ]);
});

test('a link fails if its file is not tracked or its heading does not exist', () => {
  const tracked = new Set(['README.md', 'pages', 'pages/a.md']);
  const fault = (target, file) =>
    broken(target, file, file.replace(/[^/]*$/, ''), tracked, () => new Set(['one']));
  for (const target of ['../README.md', 'a.md#one', '#one', '../pages/', 'https://example.com/#x']) {
    assert.equal(fault(target, 'pages/a.md'), undefined, target);
  }
  assert.match(fault('b.md', 'pages/a.md'), /no tracked file/);
  assert.match(fault('../../README.md', 'pages/a.md'), /no tracked file/);
  assert.match(fault('#two', 'pages/a.md'), /pages\/a\.md has no such heading/);
});

test('lists and fences of Markdown are recognised', () => {
  const text = '- a\n\n    continued\n\nText\n\n    code\n````\n```\n````\nText';
  const kinds = classify(numbered(text)).map(({ is }) => is);
  assert.equal(kinds.join(' '), 'item blank text blank text blank code code code code text');
});
