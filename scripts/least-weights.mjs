// SPDX-License-Identifier: Apache-2.0

// Usage: node scripts/least-weights.mjs RUN... >MODULE
//
// Merges several runs of the same benchmarks into one module of weights. Takes each function from
// the run in which it weighs least, for the least and for the greatest parameters. A machine that
// was slow for a moment makes a run heavier, never lighter: a line fitted through such a moment
// begins too high or rises too fast. Functions are not mixed: each is as a single run measured it.
// The runs' comments on proofs are removed, because blocks have no proofs.

import { readFileSync } from 'node:fs';

const FUNCTION = /(?:^ *\/\/\/.*\n)*^ {4}fn (\w+)\s*\([^]*?^ {4}\}\n/gm;
const RANGE = /The range of `(\w+)` is \[(\d+), (\d+)\]/g;
const PROOF = /^ *\/\/\/ Proof: .*\n/gm;
const BASE = /^ *Weight::from_parts\(([\d_]+)/m;
const SLOPE = /from_parts\(\s*([\d_]+),\s*0,?\s*\)\s*\.saturating_mul\((\w+)\.into\(\)\)/g;

const number = (text) => Number(text.replaceAll('_', ''));

/** Returns a function's weight in picoseconds, with the least and with the greatest parameters. */
export function weights(text) {
  const base = number(BASE.exec(text)[1]);
  const slopes = [...text.matchAll(SLOPE)];
  return [2, 3].map((end) => {
    const parameters = new Map([...text.matchAll(RANGE)].map((range) => [range[1], range[end]]));
    const at = ([, slope, name]) => number(slope) * Number(parameters.get(name) ?? 0);
    return slopes.map(at).reduce((sum, part) => sum + part, base);
  });
}

/** Returns the first run's module, with each function from the run in which it weighs least. */
export function merge(runs) {
  const functions = runs.map((run) =>
    new Map([...run.matchAll(FUNCTION)].map((found) => [found[1], found[0]])));
  return runs[0].replaceAll(FUNCTION, (_, name) => {
    const texts = functions.map((run) => run.get(name));
    if (texts.includes(undefined)) throw new Error(`${name} is missing in a run`);
    const all = texts.map(weights);
    const least = [0, 1].map((end) => Math.max(1, Math.min(...all.map((both) => both[end]))));
    const scores = all.map((both) => both[0] / least[0] + both[1] / least[1]);
    return texts[scores.indexOf(Math.min(...scores))];
  });
}

if (process.argv[1] === import.meta.filename) {
  const runs = process.argv.slice(2).map((file) => readFileSync(file, 'utf8'));
  if (runs.length === 0) throw new Error('name the files of the runs');
  process.stdout.write(merge(runs).replaceAll(PROOF, ''));
}
