// SPDX-License-Identifier: Apache-2.0

// The example plugins of docs/examples, and the sample data that tests write.

import { readFileSync } from 'node:fs';

const FOLDER = new URL('../../../docs/examples/', import.meta.url);
const NAMES = [
  'battery-passport',
  'heavy-machine',
  'maintenance-log',
  'oddities',
  'battery-pass-aspect',
  'part-relationship',
];

/** Returns the examples, each with its document, byte for byte, and its data sets with samples. */
export function examples() {
  return NAMES.map((name) => {
    const document = readFileSync(new URL(`${name}.json`, FOLDER));
    const { description, template } = JSON.parse(document);
    const samples = JSON.parse(readFileSync(new URL(`data/${name}.json`, FOLDER)));
    const dataSets = Object.entries(template.properties).map(([dataSet, definition]) => {
      if (!samples[dataSet]) throw new Error(`${name} has no samples for ${dataSet}`);
      return {
        name: dataSet,
        isList: definition.type === 'list',
        isPublic: definition.visibility === 'public',
        hasDefault: 'value' in definition,
        writeOnce: definition.writeOnce === true,
        ...{ set: [], append: [], invalid: [] },
        ...samples[dataSet],
      };
    });
    return { name, pluginName: description.name ?? template.type, document, dataSets };
  });
}
