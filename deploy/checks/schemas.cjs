// Form: the files are YAML, and have the fields that compose and Kubernetes know, and no others.
const fs = require('node:fs');
const path = require('node:path');
const Ajv = require('ajv');
const ts = require('typescript');
const { list, documents, manifests, compose } = require('./files.cjs');
const { check, must } = require('./report.cjs');

check('YAML parses', () => {
  const files = list('deploy', ['.yaml', '.yml']);
  for (const file of files) {
    try {
      documents(file);
    } catch (error) {
      throw new Error(`${file}: ${error.message}`);
    }
  }
  return `${files.length} files`;
});

check('compose.yaml has the form of the Compose specification', () => {
  const schema = JSON.parse(fs.readFileSync(path.join(path.dirname(require.resolve('dclint/package.json')), 'schemas/compose.schema.json'), 'utf8'));
  // The dialect's identifier without its "#" is unknown to ajv, which knows the dialect.
  delete schema.$schema;
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
  must(validate(compose()), (validate.errors ?? []).slice(0, 3).map(error => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`).join('; '));
  return `${Object.keys(compose().services).length} services`;
});

// Two readings: the validators of kubernetes-models know ranges and required fields but let unknown fields pass; its types, through the compiler, do not.
check('Kubernetes objects have the fields that Kubernetes requires', () => {
  for (const { file, object } of manifests()) {
    const Model = require(`kubernetes-models/${object.apiVersion}/${object.kind}`)[object.kind];
    try {
      new Model(object).validate();
    } catch (error) {
      throw new Error(`${file}, ${object.kind} ${object.metadata.name}: ${error.message}`);
    }
  }
  return `${manifests().length} objects`;
});

check('Kubernetes objects have no field that Kubernetes does not know', () => {
  const lines = manifests().map(({ file, object }, index) =>
    `import type { I${object.kind} as T${index} } from 'kubernetes-models/${object.apiVersion}/${object.kind}'; /* ${file} */\n` +
    `export const o${index}: T${index} = ${JSON.stringify(object)};`);
  const name = path.join(__dirname, 'manifests.ts');
  const options = { strict: true, noEmit: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10 };
  const host = ts.createCompilerHost(options);
  const onDisk = host.getSourceFile;
  host.getSourceFile = (file, version) => file === name ? ts.createSourceFile(file, lines.join('\n'), version) : onDisk.call(host, file, version);
  const problems = ts.getPreEmitDiagnostics(ts.createProgram([name], options, host));
  must(problems.length === 0, problems.slice(0, 3).map(problem => {
    const object = problem.file?.fileName === name ? manifests()[Math.floor(ts.getLineAndCharacterOfPosition(problem.file, problem.start).line / 2)] : undefined;
    return `${object ? `${object.file}, ${object.object.kind} ${object.object.metadata.name}: ` : ''}${ts.flattenDiagnosticMessageText(problem.messageText, ' ')}`;
  }).join('; '));
});
