// The Dockerfile: its syntax, and whether it copies and names what is there.
const fs = require('node:fs');
const path = require('node:path');
const { validate } = require('dockerfile-utils');
const { DockerfileParser } = require('dockerfile-ast');
const { root, read, compose } = require('./files.cjs');
const { check, must } = require('./report.cjs');

const text = read('deploy/Dockerfile');
const file = DockerfileParser.parse(text);
const stages = file.getFROMs().map(from => from.getBuildStage());

const stage = name => {
  const index = stages.indexOf(name);
  must(index >= 0, `there is no stage "${name}"`);
  const from = file.getFROMs()[index].getRange().start.line;
  const until = file.getFROMs()[index + 1]?.getRange().start.line ?? Infinity;
  return file.getInstructions().filter(instruction => instruction.getRange().start.line >= from && instruction.getRange().start.line < until);
};
const argument = (name, instruction) => stage(name).filter(each => each.getInstruction() === instruction).map(each => each.getArgumentsContent());

check('Dockerfile is well-formed', () => {
  const problems = validate(text);
  must(problems.length === 0, problems.map(problem => `line ${problem.range.start.line + 1}: ${problem.message}`).join('; '));
});

check('Dockerfile restores every project that is built, from its lock file', () => {
  const projects = new Set();
  const visit = project => {
    if (projects.has(project))
      return;
    projects.add(project);
    for (const [, reference] of read(project).matchAll(/<ProjectReference Include="([^"]+)"/g))
      visit(path.posix.normalize(path.posix.join(path.posix.dirname(project), reference)));
  };
  const built = [...text.matchAll(/dotnet publish (\S+\.csproj)/g)].map(([, project]) => project);
  must(built.length === 3, 'there must be three programs');
  built.forEach(visit);
  for (const project of projects) {
    const folder = path.posix.dirname(project);
    must(text.includes(`COPY ${project} ${folder}/packages.lock.json ${folder}/\n`), `${project} and its lock file are not copied before the restore`);
  }
  for (const [, names] of text.matchAll(/^COPY (?!--from)(.+) \S+$/gm))
    names.split(' ').forEach(name => must(fs.existsSync(path.join(root, name)), `it copies ${name}, which is not there`));
  return `${projects.size} projects`;
});

check('Images run their programs, as no root, and get SIGTERM', () => {
  const programs = { silo: 'src/Silo/Silo.csproj', api: 'src/Api/Api.csproj', simulator: 'tests/XaiSimulator/XaiSimulator.csproj' };
  for (const [name, project] of Object.entries(programs)) {
    const program = `LlmTr.${path.basename(project, '.csproj')}.dll`;
    must(argument(name, 'ENTRYPOINT')[0] === `["dotnet", "${program}"]`, `the entry point of ${name} is not ["dotnet", "${program}"]`);
    must(text.includes(`dotnet publish ${project} -c Release --no-restore -o /out/${name} `), `${project} is not published to /out/${name}`);
    must(/Sdk="Microsoft.NET.Sdk.Web"|<OutputType>Exe/.test(read(project)), `${project} is no program`);
    must(!argument(name, 'USER').length, `${name} changes its user`);
  }
  must(argument('runtime', 'USER')[0] === '$APP_UID', 'the images do not run as $APP_UID');
  must(argument('runtime', 'STOPSIGNAL')[0] === 'SIGTERM', 'STOPSIGNAL is not SIGTERM');
  must(!file.getFROMs().slice(1).some(from => /\/sdk:/.test(from.getImage())), 'an image is based on the SDK');
});

check('Compose builds targets that the Dockerfile has', () => {
  const targets = Object.values(compose().services).filter(service => service.build).map(service => service.build.target);
  targets.forEach(stage);
  return [...new Set(targets)].join(', ');
});

module.exports = { argument };
