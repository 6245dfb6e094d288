// SPDX-License-Identifier: Apache-2.0

// Collects the warnings of libraries. It must be imported first: some warn when they are loaded,
// for example about a duplicate package.

export const warnings = [];

for (const level of ['warn', 'error']) {
  const print = console[level].bind(console);
  console[level] = (...args) => {
    warnings.push(args.map(String).join(' '));
    print(...args);
  };
}
process.on('warning', (warning) => warnings.push(String(warning)));
