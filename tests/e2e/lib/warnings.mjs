// SPDX-License-Identifier: Apache-2.0

// Collects what libraries warn of. Import it first: some warn when they are loaded, for example
// that a package is there twice.

export const warnings = [];

for (const level of ['warn', 'error']) {
  const print = console[level].bind(console);
  console[level] = (...args) => {
    warnings.push(args.map(String).join(' '));
    print(...args);
  };
}
process.on('warning', (warning) => warnings.push(String(warning)));
