// Writes a TypeScript file to standard output that compiles only if the types of the package have the members and values
// of the control API, which a server describes.
'use strict';

const { start } = require('kms-emulator');

/** Types of the package, and the schemas of the control API that they describe. */
const OBJECTS = {
  FaultMatch: 'FaultMatch',
  FaultRule: 'FaultRule',
  JournalEntry: 'RequestEntry',
  Permission: 'Decision',
  SignatureMismatch: 'Mismatch',
  TenantOptions: 'TenantRequest',
};
const ENUMERATIONS = {
  Cloud: 'CloudName',
  Verdict: 'Verdict',
  "JournalEntry['source']": 'Source',
  "NonNullable<JournalFilter['source']>": 'SourceFilter',
  "NonNullable<Permission['effect']>": 'Effect',
  "NonNullable<FaultRule['when']>": 'When',
  "NonNullable<TenantOptions['alibaba_filter_match']>": 'FilterMatch',
};

const union = (names) => names.map((name) => JSON.stringify(name)).join(' | ');

async function main() {
  const emulator = await start();
  const description = await (await fetch(`${emulator.endpoint}/_emulator/openapi.json`)).json();
  await emulator.stop();
  const { schemas } = description.components;
  const filters = description.paths['/_emulator/journal'].get.parameters.map(({ name }) => name);

  const checks = [
    ...Object.entries(OBJECTS).map(([type, schema]) => [`keyof ${type}`, Object.keys(schemas[schema].properties)]),
    ...Object.entries(ENUMERATIONS).map(([type, schema]) => [type, schemas[schema].oneOf.map((item) => item.const)]),
    ['keyof JournalFilter', filters],
  ];
  const names = ['Cloud', 'JournalFilter', 'Verdict', ...Object.keys(OBJECTS)];
  console.log(`import type { ${names.join(', ')} } from 'kms-emulator';`);
  console.log('type Same<A, B> = [A, B] extends [B, A] ? true : { missing: Exclude<B, A>; unknown: Exclude<A, B> };');
  checks.forEach(([type, expected], index) => {
    console.log(`export const check${index}: Same<${type}, ${union(expected)}> = true; // ${type}`);
  });
}

main();
