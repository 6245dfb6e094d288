#!/usr/bin/env node
// Usage: scripts/check-imports.mjs [--edges] [CRATE...]
//
// Checks that no file of a crate imports itself through others: if A needs B, B must not need A.
// Reads the `use` statements and the paths that begin with `crate::`, `super::` or `self::`. A
// re-exported name counts as an import of the file that defines it, and so does a method of a
// pallet that another of its files defines. The sections of a pallet and its lib.rs count as one
// file, because FRAME pastes them there. Tests, mocks and benchmarks are left out. Traits and
// macros are not followed. Expected cycles, with the reason, are in EXPECTED below.
//
//   --edges  prints the imports of each file
//   CRATE    a crate's folder, default: all crates of the workspace

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOT = dirname(import.meta.dirname);
const LEFT_OUT = new Set(['tests', 'mock', 'benchmarking', 'benchmarks', 'testing']);
// An item of a file, or of the pallet module in lib.rs. Deeper definitions are methods.
const DEFINITION =
  /^(?: {4})?(?:pub(?:\([^)]*\))? )?(?:const fn|unsafe fn|async fn|fn|struct|enum|trait|type|const|static|mod|macro_rules!) +(\w+)/gm;

// The implementations for a pallet, and their functions.
const PALLET_BLOCK = /^impl[^{;]*\bPallet<T>[^{;]*\{[\s\S]*?^\}/gm;
const METHOD = /^ {4}(?:pub(?:\([^)]*\))? )?fn (\w+)/gm;

// A macro creates the list of runtime APIs where they are implemented. The list is a part of
// VERSION.
const EXPECTED = new Set(['runtime: src/lib.rs -> src/apis.rs']);

// A comment, a raw string, a string or a character, whichever starts first.
const NO_CODE =
  /\/\/.*$|\/\*[\s\S]*?\*\/|\bb?r(#*)"[\s\S]*?"\1|b?"(?:[^"\\]|\\[\s\S])*"|b?'(?:[^'\\\n]|\\[^'\n]+|\\')'/gm;
const TESTS = /#\[cfg\(test\)\]\s*(?:#\[[^\]]*\]\s*)*mod \w+ \{[\s\S]*?^\}/gm;

/** Returns the text without comments, quoted text, and code that is compiled for tests only. */
function code(text) {
  const plain = text.replace(NO_CODE, (found) => (found.startsWith('/') ? '' : '""'));
  return plain.replace(TESTS, '');
}

/** Returns the leaves of a use tree: paths such as ['a', 'b', '*'], each with its local name. */
function leaves(tree, before = []) {
  const open = tree.indexOf('{');
  const path = (open < 0 ? tree : tree.slice(0, open)).split('::').map((part) => part.trim());
  if (open < 0) {
    const [last, name] = path.pop().split(/ as /);
    return [{ path: [...before, ...path, last], name: name ?? last }];
  }
  const inner = tree.slice(open + 1, tree.lastIndexOf('}'));
  const parts = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= inner.length; at++) {
    if (inner[at] === '{') depth++;
    if (inner[at] === '}') depth--;
    if (at === inner.length || (inner[at] === ',' && depth === 0)) {
      if (inner.slice(from, at).trim()) parts.push(inner.slice(from, at).trim());
      from = at + 1;
    }
  }
  const prefix = [...before, ...path.filter((part) => part)];
  return parts.flatMap((part) => leaves(part, prefix));
}

/** Reads the files of a crate: the definitions, re-exports, imports and names of each. */
function modules(folder) {
  const found = new Map();
  const visit = (dir, path) => {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      const name = entry.name.replace(/\.rs$/, '');
      if (LEFT_OUT.has(name)) continue;
      const file = join(dir, entry.name);
      if (entry.isDirectory()) visit(file, [...path, name]);
      else if (entry.name.endsWith('.rs')) {
        const own = ['lib', 'main', 'mod'].includes(name) ? path : [...path, name];
        found.set(own.join('::'), { file, path: own, code: code(readFileSync(file, 'utf8')) });
      }
    }
  };
  visit(join(folder, 'src'), []);
  const root = found.get('');
  for (const [key, module] of [...found]) {
    const section = module.code.match(/#\[pallet_section\]\s*(?:pub )?mod \w+ \{([\s\S]*)\}\s*$/);
    if (!section) continue;
    root.code = root.code.trimEnd().replace(/\}$/, `${section[1]}}`);
    found.delete(key);
  }
  for (const module of found.values()) {
    module.uses = [];
    module.rest = module.code.replace(
      /(pub(?:\([^)]*\))? )?\buse ([^;]+);/g,
      (_, open, tree) => {
        const flat = tree.replace(/\s+/g, ' ');
        for (const leaf of leaves(flat)) module.uses.push({ ...leaf, open: !!open });
        return '';
      },
    );
    const items = module.path.length > 0 ? module.rest.replace(/^ .*$/gm, '') : module.rest;
    const blocks = [...module.rest.matchAll(PALLET_BLOCK)].map(([block]) => block).join('\n');
    module.methods = new Set([...blocks.matchAll(METHOD)].map((match) => match[1]));
    const pallet = module.rest.match(/\bPallet(?:::<\w+>)?::\w+\(/g) ?? [];
    module.calls = [blocks, ...pallet].join('\n');
    module.defines = new Set([...items.matchAll(DEFINITION)].map((match) => match[1]));
  }
  return found;
}

/** Resolves a path to [module, rest of the path], or to undefined if it leaves the crate. */
function resolve(all, from, path) {
  let at = [...from.path];
  let rest = [...path];
  // A module inside the file, such as `pallet` or the tests of a section, counts as the file.
  if (rest[0] === 'crate') [at, rest] = [[], rest.slice(1)];
  else if (rest[0] === 'self') rest = rest.slice(1);
  else if (rest[0] === 'super') {
    while (rest[0] === 'super') [at, rest] = [at.slice(0, -1), rest.slice(1)];
  } else if (!all.has([...at, rest[0]].join('::'))) return undefined;
  while (rest.length > 0 && all.has([...at, rest[0]].join('::'))) at.push(rest.shift());
  // The pallet's module is in its lib.rs.
  if (rest[0] === 'pallet' && at.length === 0) rest.shift();
  return all.has(at.join('::')) ? [all.get(at.join('::')), rest] : undefined;
}

/**
 * Returns the files that define a name of a module, or all names (`*`), each with the names.
 * Follows re-exports.
 */
function owners(all, module, name, seen = new Set()) {
  if (seen.has(module)) return [];
  seen.add(module);
  if (name !== '*' && module.defines.has(name)) return [{ module, names: [name] }];
  const found = name === '*' ? [{ module, names: [...module.defines] }] : [];
  for (const use of module.uses.filter((use) => use.open)) {
    if (use.name !== '*' && name !== '*' && use.name !== name) continue;
    const target = resolve(all, module, use.path);
    if (!target) continue;
    const [next, rest] = target;
    if (use.name === '*') found.push(...owners(all, next, name, seen));
    else if (rest.length === 0) found.push({ module: next, names: [use.name] });
    else found.push(...owners(all, next, rest[0], new Set()));
  }
  return found;
}

/**
 * Returns the files that define the pallet methods that a file calls. Leaves out the callers in the
 * pallet's calls and views: FRAME requires them to be separate from their implementation.
 */
function methodOwners(all, module) {
  if (module.path.length === 0) return [];
  const called = [...module.calls.matchAll(/\b(?:Self|Pallet(?:::<\w+>)?)::(\w+)\(/g)];
  const names = new Set(
    called.map((match) => match[1]).filter((name) => !module.methods.has(name)),
  );
  const others = [...all.values()].filter((other) => other.path.length > 0);
  return others.filter((other) => [...names].some((name) => other.methods.has(name)));
}

/** Returns the imports of each file. */
function edges(all) {
  const result = new Map();
  const uses = (text, name) => new RegExp(`\\b${name}\\b`).test(text);
  for (const module of all.values()) {
    const targets = new Set();
    const add = (path, name) => {
      const target = resolve(all, module, path);
      if (!target) return;
      const [to, rest] = target;
      if (rest.length === 0) {
        if (uses(module.rest, name)) targets.add(to);
        return;
      }
      const found = owners(all, to, rest[0]);
      if (found.length === 0) targets.add(to);
      for (const owner of found) {
        // A glob imports only the names that are used.
        if (rest[0] !== '*' || owner.names.some((each) => uses(module.rest, each))) {
          targets.add(owner.module);
        }
      }
    };
    for (const { path, name, open } of module.uses) {
      if (open && path.at(-1) !== '*' && !uses(module.rest, name)) continue;
      add(path, name);
    }
    for (const [path] of module.rest.matchAll(/\b(?:crate|super|self)(?:::\w+)+/g)) {
      add(path.split('::'), path.split('::').at(-1));
    }
    for (const [path] of module.rest.matchAll(/(?<![\w:])[a-z_]\w*(?:::\w+)+/g)) {
      const parts = path.split('::');
      if (['crate', 'super', 'self'].includes(parts[0])) continue;
      add(parts, parts.at(-1));
      for (const use of module.uses.filter((use) => use.name === parts[0])) {
        add([...use.path, ...parts.slice(1)], parts.at(-1));
      }
    }
    for (const owner of methodOwners(all, module)) targets.add(owner);
    targets.delete(module);
    result.set(module, targets);
  }
  return result;
}

/** Returns the cycles of imports (strongly connected components, by Tarjan's algorithm). */
function circles(graph) {
  const index = new Map();
  const low = new Map();
  const stack = [];
  const found = [];
  const connect = (node) => {
    index.set(node, index.size);
    low.set(node, index.get(node));
    stack.push(node);
    for (const next of graph.get(node)) {
      if (!index.has(next)) {
        connect(next);
        low.set(node, Math.min(low.get(node), low.get(next)));
      } else if (stack.includes(next)) low.set(node, Math.min(low.get(node), index.get(next)));
    }
    if (low.get(node) !== index.get(node)) return;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1) found.push(group);
  };
  for (const node of graph.keys()) if (!index.has(node)) connect(node);
  return found;
}

function workspace() {
  const manifest = readFileSync(join(ROOT, 'Cargo.toml'), 'utf8');
  const [, members] = manifest.match(/members = \[([^\]]*)\]/);
  return [...members.matchAll(/"([^"]+)"/g)].map((match) => match[1]);
}

const options = process.argv.slice(2);
if (options.includes('--help') || options.includes('-h')) {
  const [, manual] = readFileSync(import.meta.filename, 'utf8').match(/\n((?:\/\/.*\n)+)/);
  process.stdout.write(manual.replace(/^\/\/ ?/gm, ''));
  process.exit(0);
}
const chosen = options.filter((option) => !option.startsWith('--'));
const crates = chosen.length > 0 ? chosen : workspace();
let passed = 0;
let failed = 0;
for (const name of crates) {
  const folder = existsSync(join(ROOT, name, 'src')) ? join(ROOT, name) : name;
  const all = modules(folder);
  const graph = edges(all);
  const label = (module) => relative(folder, module.file);
  for (const [from, targets] of graph) {
    for (const to of targets) {
      if (EXPECTED.has(`${name}: ${label(from)} -> ${label(to)}`)) targets.delete(to);
    }
  }
  if (options.includes('--edges')) {
    for (const [from, to] of graph) {
      console.log(`${name}: ${label(from)} -> ${[...to].map(label).sort().join(' ')}`);
    }
  }
  const found = circles(graph);
  if (found.length > 0) failed++;
  else passed++;
  for (const group of found) {
    console.log(`${name}: these files import each other:`);
    for (const from of group) {
      const to = [...graph.get(from)].filter((next) => group.includes(next));
      console.log(`  ${label(from)} -> ${to.map(label).sort().join(' ')}`);
    }
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
