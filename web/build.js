// Writes the page to dist/, or to the directory in --outdir=DIRECTORY.

import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { build } from 'esbuild';

import { en } from './src/i18n/en/index.js';
import { hash } from './src/i18n/hash.js';

const { values } = parseArgs({ options: { outdir: { type: 'string', default: 'dist' } } });

/** Shortens the keys of the tables whose keys are English sentences. */
const shortKeys = {
  name: 'short-keys',
  setup({ onLoad }) {
    onLoad({ filter: /i18n\/zh\/(operations|evidence)\.js$/ }, async ({ path }) => {
      const tables = Object.entries(await import(pathToFileURL(path).href));
      const lines = tables.map(([name, table]) => `export const ${name} = ${JSON.stringify(shortened(table))};`);
      return { contents: lines.join('\n'), loader: 'js' };
    });
  },
};

function shortened(table) {
  // A sentence without an entry stays as it is. Similar translations next to each other compress better.
  const pairs = Object.entries(table)
    .filter(([sentence, translation]) => sentence !== translation)
    .sort(([, one], [, other]) => (one < other ? -1 : 1))
    .map(([sentence, translation]) => [hash(sentence), translation]);
  const short = Object.fromEntries(pairs);
  if (Object.keys(short).length < pairs.length) throw new Error('two sentences have the same key: change the hash');
  return short;
}

/** Takes the keys of the Chinese texts from the English ones. */
const sameKeys = {
  name: 'same-keys',
  setup({ onLoad }) {
    onLoad({ filter: /i18n\/zh\/index\.js$/ }, async ({ path }) => {
      const { zh } = await import(pathToFileURL(path).href);
      const texts = Object.keys(en).map((key) => zh[key]);
      const contents = `
        import { en } from '../en/index.js';
        const texts = ${JSON.stringify(texts.join('\n'))}.split('\\n');
        export const zh = Object.fromEntries(Object.keys(en).map((key, index) => [key, texts[index]]));`;
      return { contents, loader: 'js' };
    });
  },
};

await build({
  entryPoints: ['src/main.js', 'src/index.html', 'src/style.css', 'src/icon.svg'],
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2023',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  loader: { '.html': 'copy', '.svg': 'copy' },
  outdir: values.outdir,
  plugins: [sameKeys, shortKeys],
});
