// Reads the deployment files and the sources that they must agree with.
const fs = require('node:fs');
const path = require('node:path');
const yaml = require('yaml');

const root = path.resolve(__dirname, '../..');
const exists = file => fs.existsSync(path.join(root, file));
const read = file => fs.readFileSync(path.join(root, file), 'utf8');

// All files below a folder, without what a build or npm put there.
const list = (folder, endings) => fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap(entry => {
  const name = `${folder}/${entry.name}`;
  if (entry.isDirectory())
    return ['bin', 'obj', 'node_modules'].includes(entry.name) ? [] : list(name, endings);
  return endings.some(ending => name.endsWith(ending)) ? [name] : [];
});

const documents = file => yaml.parseAllDocuments(read(file), { merge: true, strict: true, uniqueKeys: true }).map(document => {
  if (document.errors.length > 0)
    throw new Error(document.errors[0].message);
  return document.toJS();
});

const manifests = () => list('deploy/kubernetes', ['.yaml']).filter(file => !file.endsWith('kustomization.yaml'))
  .flatMap(file => documents(file).map(object => ({ file, object })));
const manifest = (kind, name) => {
  const found = manifests().filter(({ object }) => object.kind === kind && object.metadata.name === name);
  if (found.length !== 1)
    throw new Error(`${found.length} objects ${kind}/${name} in deploy/kubernetes, but there must be one`);
  return found[0].object;
};

const compose = () => documents('deploy/compose.yaml')[0];

// NAME=value lines: what systemd and compose read. A commented setting counts too: somebody will uncomment it.
const settings = file => Object.fromEntries(read(file).split('\n')
  .map(line => /^#? ?([A-Za-z][A-Za-z0-9_]*)=(.*)$/.exec(line)).filter(Boolean).map(([, name, value]) => [name, value]));

const source = (() => {
  let text;
  return () => text ??= list('src', ['.cs']).map(read).join('\n');
})();

module.exports = { root, exists, read, list, documents, manifests, manifest, compose, settings, source };
