// What one file says and another one too: names, ports, paths, times.
const { exists, read, list, documents, manifests, manifest, compose, settings, source } = require('./files.cjs');
const { check, must } = require('./report.cjs');
const { argument } = require('./dockerfile.cjs');

const seconds = text => {
  const clock = /^"?(\d+):(\d\d):(\d\d)"?$/.exec(text);
  if (clock)
    return clock[1] * 3600 + clock[2] * 60 + +clock[3];
  const time = /^(\d+)(m?s|m|h)?$/.exec(text);
  must(time, `"${text}" is no time`);
  return time[1] * { undefined: 1, ms: 0.001, s: 1, m: 60, h: 3600 }[time[2]];
};
const bytes = text => {
  const size = /^(\d+)([KMG]i|[kmgKMG])?$/.exec(text);
  must(size, `"${text}" is no size`);
  return size[1] * { undefined: 1, k: 1024, K: 1024, m: 1024 ** 2, M: 1024 ** 2, g: 1024 ** 3, G: 1024 ** 3 }[(size[2] ?? 'undefined').replace('i', '')];
};
// A default in an options class, such as "public TimeSpan ShutdownLimit { get; set; } = TimeSpan.FromSeconds(25);".
const timeInSource = name => {
  const found = new RegExp(`TimeSpan ${name}( \\{ get; set; \\})? = TimeSpan\\.From(Seconds|Minutes|Hours)\\((\\d+)\\);`).exec(source());
  must(found, `src has no time "${name}"`);
  return found[3] * { Seconds: 1, Minutes: 60, Hours: 3600 }[found[2]];
};
// A constant, such as "public const long MaxEditBytes = 72 * 1024 * 1024;".
const numberInSource = name => {
  const found = new RegExp(`const ${name} = ([\\d_* ]+);`).exec(source());
  must(found, `src has no constant "${name}"`);
  return found[1].replaceAll('_', '').split('*').reduce((product, factor) => product * factor, 1);
};
const container = name => manifest('Deployment', name).spec.template.spec.containers[0];
const directive = (file, name) => {
  const found = new RegExp(`^\\s*${name} ([^;]+);`, 'm').exec(read(file));
  must(found, `${file} has no ${name}`);
  return found[1];
};

// The locations of nginx: their paths, whether they are passed on, and what body they take.
const locations = conf => [...conf.matchAll(/location (= )?(\/\S*) \{([^}]*)\}/g)].map(([, exact, path, body]) =>
  ({ path, isExact: Boolean(exact), isPassed: body.includes('include proxy.conf;'), most: /client_max_body_size ([^;]+);/.exec(body)?.[1] }));

const environments = () => ({
  'compose.yaml': Object.assign({}, ...Object.values(compose().services).filter(service => service.build).map(service => service.environment ?? {})),
  '.env.example': settings('deploy/.env.example'),
  ...Object.fromEntries(list('deploy/systemd', ['.env.example']).map(file => [file, settings(file)])),
  ...Object.fromEntries(manifests().filter(({ object }) => ['ConfigMap', 'Secret'].includes(object.kind)).map(({ object }) => [`${object.kind} ${object.metadata.name}`, object.data ?? object.stringData])),
  ...Object.fromEntries(['llmtr-silo', 'llmtr-front-end'].map(name => [`Deployment ${name}`, Object.fromEntries(container(name).env.map(variable => [variable.name, variable.value]))])),
});

check('Every setting is one that the programs read', () => {
  // Read by .NET, by Orleans' Kubernetes package and by compose.
  const others = /^(DOTNET_|ASPNETCORE_|OTEL_|POD_(NAME|NAMESPACE|IP)$|COMPOSE_PROFILES$|ADMIN_PORT$|MODELS_FOLDER$|AZURE_CONNECTION_STRING$)/;
  let count = 0;
  const unknown = [];
  for (const [file, variables] of Object.entries(environments())) {
    for (const name of Object.keys(variables).filter(name => !others.test(name))) {
      const key = name.replaceAll('__', ':');
      const [section, property] = key.split(':');
      const isBound = property && new RegExp(`(AddSettings<\\w+>|GetSection)\\("${section}"\\)`).test(source())
        && new RegExp(`public [\\w<>?]+ ${property} \\{ get; (set|init); \\}`).test(source());
      if (!source().includes(`"${key}"`) && !isBound)
        unknown.push(`${name} (${file})`);
      count++;
    }
  }
  must(unknown.length === 0, `no program reads ${unknown.join(', ')}`);
  return `${count} settings`;
});

check('No secret has a value', () => {
  const secret = /^(LLMTR_ADMIN_TOKEN|LLMTR_SIGNING_SECRET(_PREVIOUS)?|XAI_API_KEY|Azure__ConnectionString)$/;
  for (const [file, variables] of Object.entries(environments())) {
    for (const [name, value] of Object.entries(variables).filter(([name]) => secret.test(name))) {
      must(['', undefined, 'xai-simulated'].includes(value) || /^\$\{[A-Z_]+:(\?|-\}$)/.test(value) || /AccountName=devstoreaccount1;/.test(value),
        `${file}: ${name} has a value that somebody will forget to change`);
    }
  }
  const asked = [...read('deploy/compose.yaml').matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name);
  asked.forEach(name => must(name in settings('deploy/.env.example'), `.env.example lacks ${name}, which compose.yaml requires`));
});

check('Ports agree', () => {
  const silo = container('llmtr-silo');
  const frontEnd = container('llmtr-front-end');
  const port = (of, name) => of.ports.find(each => each.name === name)?.containerPort;
  const variable = (of, name) => of.env.find(each => each.name === name)?.value;
  const inSource = (property) => +new RegExp(`public int ${property} \\{ get; init; \\} = (\\d+);`).exec(source())?.[1];
  must(port(silo, 'silo') === inSource('SiloPort') && port(silo, 'gateway') === inSource('GatewayPort'), 'the silo ports are not the programs\'');
  must(+variable(silo, 'PORT') === port(silo, 'http') && +variable(frontEnd, 'PORT') === port(frontEnd, 'http'), 'PORT is not the container port "http"');
  must(argument('silo', 'EXPOSE')[0] === silo.ports.map(each => each.containerPort).join(' '), 'EXPOSE of silo has other ports than silo.yaml');
  must(argument('api', 'EXPOSE')[0] === `${port(frontEnd, 'http')}`, 'EXPOSE of api has another port than front-end.yaml');
  must(argument('silo', 'ENV')[0] === `PORT=${port(silo, 'http')}` && argument('api', 'ENV')[0].startsWith(`PORT=${port(frontEnd, 'http')} `), 'PORT in the images is another');
  for (const [, host, number] of read('deploy/nginx/upstreams.conf').matchAll(/server (\S+):(\d+)/g)) {
    must(host in compose().services, `upstreams.conf names ${host}, which compose.yaml has not`);
    must(+number === port(frontEnd, 'http'), `upstreams.conf reaches ${host} at ${number}`);
  }
  for (const name of ['llmtr-silo', 'llmtr-front-end']) {
    const template = manifest('Deployment', name).spec.template;
    const annotations = template.metadata.annotations;
    must(+annotations['prometheus.io/port'] === port(container(name), 'http'), `${name}: metrics are scraped at another port`);
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe'])
      must(port(container(name), container(name)[probe].httpGet.port), `${name}: ${probe} asks a port that the container has not`);
    for (const { from, ports } of manifest('NetworkPolicy', name).spec.ingress) {
      must(from?.length > 0, `NetworkPolicy ${name} lets everybody in`);
      ports.forEach(each => must(port(container(name), each.port), `NetworkPolicy ${name} opens "${each.port}", which the container has not`));
    }
  }
  must(manifest('Service', 'llmtr-front-end').spec.ports[0].targetPort === 'http', 'the Service goes to another port');
  const simulator = /"--port", "(\d+)"/.exec(argument('simulator', 'CMD')[0])[1];
  must(read('deploy/nginx/simulator.conf').includes(`proxy_pass http://127.0.0.1:${simulator};`), 'simulator.conf goes to another port than the simulator\'s');
  must(settings('deploy/.env.example').XAI_BASE_URL === `http://xai:${directive('deploy/nginx/simulator.conf', 'listen')}/v1`, 'XAI_BASE_URL in .env.example is not simulator.conf\'s');
});

check('Health is asked where the programs answer', () => {
  const asked = [
    ...['llmtr-silo', 'llmtr-front-end'].flatMap(name => ['startupProbe', 'readinessProbe', 'livenessProbe'].map(probe => container(name)[probe].httpGet.path)),
    ...Object.values(compose().services).flatMap(service => [...JSON.stringify(service.healthcheck ?? '').matchAll(/GET (\/\S+) HTTP/g)].map(([, path]) => path)),
    ...[...argument('silo', 'HEALTHCHECK')[0].matchAll(/GET (\/\S+) HTTP/g), ...argument('api', 'HEALTHCHECK')[0].matchAll(/GET (\/\S+) HTTP/g)].map(([, path]) => path),
  ];
  must(asked.length >= 12, `only ${asked.length} probes`);
  asked.forEach(path => must(source().split(`MapGet("${path}"`).length > 2, `${path} is not a route of both programs`));
  for (const name of ['llmtr-silo', 'llmtr-front-end'])
    must(container(name).livenessProbe.httpGet.path === '/health/live', `${name}: a program would be ended because something else is away`);
  return `${asked.length} probes`;
});

check('Programs are given the time that they take to stop', () => {
  const settle = timeInSource('SettlePatience') + 5;
  const front = variables => seconds(variables.Shutdown__Drain) + (variables.Metering__ShutdownLimit ? seconds(variables.Metering__ShutdownLimit) : timeInSource('ShutdownLimit')) + settle;
  const silo = timeInSource('MostToLeave');
  const given = {
    kubernetes: [manifest('Deployment', 'llmtr-front-end').spec.template.spec.terminationGracePeriodSeconds, front(manifest('ConfigMap', 'llmtr-front-end').data), manifest('Deployment', 'llmtr-silo').spec.template.spec.terminationGracePeriodSeconds],
    compose: [seconds(compose().services['front-end-1'].stop_grace_period), front(compose().services['front-end-1'].environment), seconds(compose().services['silo-1'].stop_grace_period)],
    systemd: [seconds(/TimeoutStopSec=(\S+)/.exec(read('deploy/systemd/llmtr-front-end.service'))[1]), front(settings('deploy/systemd/front-end.env.example')), seconds(/TimeoutStopSec=(\S+)/.exec(read('deploy/systemd/llmtr-silo@.service'))[1])],
  };
  for (const [where, [frontEndHas, frontEndTakes, siloHas]] of Object.entries(given)) {
    must(frontEndHas >= frontEndTakes + 5, `${where}: a front end takes ${frontEndTakes} s and is killed after ${frontEndHas} s`);
    must(siloHas >= silo + 5, `${where}: a silo takes ${silo} s and is killed after ${siloHas} s`);
  }
  const alert = documents('deploy/observability/alerts.yml')[0].groups.flatMap(group => group.rules).find(rule => rule.alert === 'LlmTrProcessDown');
  must(seconds(alert.for) > Math.max(...Object.values(given).map(([, takes]) => takes)), 'LlmTrProcessDown fires on an ordinary stop');
  return Object.entries(given).map(([where, [has, takes]]) => `${where}: front end ${takes} of ${has} s`).join(', ');
});

check('The front door waits as long as the gateway, takes what it takes, and repeats no POST', () => {
  const conf = ['nginx.conf', 'locations.conf', 'proxy.conf', 'upstreams.conf'].map(name => read(`deploy/nginx/${name}`)).join('\n');
  const drains = [compose().services['front-end-1'].environment, manifest('ConfigMap', 'llmtr-front-end').data, settings('deploy/systemd/front-end.env.example')].map(each => seconds(each.Shutdown__Drain));
  must(seconds(directive('deploy/nginx/upstreams.conf', 'keepalive_timeout')) < Math.min(...drains), 'idle connections to a front end outlive its Shutdown:Drain');
  must(seconds(directive('deploy/nginx/proxy.conf', 'proxy_read_timeout')) >= timeInSource('TextLimit') + timeInSource('SettlePatience'), 'proxy_read_timeout is below Metering:TextLimit');
  must(seconds(directive('deploy/nginx/nginx.conf', 'send_timeout')) > timeInSource('ClientPatience'), 'send_timeout is below Metering:ClientPatience');
  const active = conf.replace(/#.*/g, '');
  must(!/non_idempotent|http_5\d\d/.test(active), 'proxy_next_upstream repeats what was sent');
  must(/proxy_next_upstream error timeout;/.test(active) && /proxy_buffering off;/.test(active) && /proxy_request_buffering off;/.test(active), 'proxy.conf buffers, or never tries the next front end');
  const ingress = manifest('Ingress', 'llmtr').metadata.annotations;
  must(seconds(ingress['nginx.org/proxy-read-timeout']) >= timeInSource('TextLimit') + timeInSource('SettlePatience'), 'the ingress\' read timeout is below Metering:TextLimit');

  // A form is its file and some fields more.
  const file = numberInSource('long MostFileBytes');
  const edit = numberInSource('long MaxEditBytes');
  const uploads = [...read('src/Api/Audio/Transcriptions/TranscriptionOrder.cs').matchAll(/const string \w*Endpoint = "([^"]+)";/g)].map(([, path]) => path);
  must(uploads.length === 2, `transcriptions have the paths ${uploads.join(' ')}`);
  for (const [path, most] of [...uploads.map(path => [path, file]), ['/v1/images/edits', edit]])
    must(locations(active).some(location => location.path === path && location.isExact && bytes(location.most ?? '1m') > most), `the front door refuses a body of ${most} bytes to ${path}`);
  for (const [where, most] of [['the ingress', ingress['nginx.org/client-max-body-size']], ['the operators\' door', directive('deploy/nginx/admin.conf', 'client_max_body_size')]])
    must(bytes(most) > file, `${where} refuses audio of ${file} bytes`);
  return uploads.join(', ');
});

check('Customers reach what is theirs by the front door and by the ingress, and nothing else', () => {
  const forCustomers = ['/api/', '/docs/', '/v1/', '= /docs', '= /openapi/v1.json'];
  const passed = locations(read('deploy/nginx/locations.conf').replace(/#.*/g, '')).filter(location => location.isPassed).map(({ isExact, path }) => isExact ? `= ${path}` : path);
  const wider = passed.filter(location => !/^= \/(v1|api|docs)\//.test(location));
  must(wider.sort().join() === forCustomers.join(), `the front door passes on ${wider.join(', ')}`);
  const routed = manifest('Ingress', 'llmtr').spec.rules.flatMap(rule => rule.http.paths).map(({ path, pathType }) => `${path} ${pathType}`);
  must(routed.sort().join() === '/api Prefix,/docs Prefix,/openapi/v1.json Exact,/v1 Prefix', `the ingress passes on ${routed.join(', ')}`);
  const customers = /const string Customers = "([^"]+)"/.exec(source())?.[1];
  must(passed.includes(`= /openapi/${customers}.json`), `the customers' document is ${customers}`);
  must(source().includes('const string Page = "/docs"'), 'the page is not at /docs');
  return routed.join(', ');
});

check('Pods are locked down, and silos are found by Orleans', () => {
  for (const name of ['llmtr-silo', 'llmtr-front-end']) {
    const pod = manifest('Deployment', name).spec.template;
    const { securityContext, resources } = container(name);
    must(pod.spec.securityContext.runAsNonRoot && pod.spec.securityContext.seccompProfile.type === 'RuntimeDefault', `${name} may run as root, or without seccomp`);
    must(securityContext.readOnlyRootFilesystem && securityContext.allowPrivilegeEscalation === false && securityContext.capabilities.drop.includes('ALL'), `${name} may write its root or has capabilities`);
    must(resources.requests.cpu && resources.requests.memory && resources.limits.memory, `${name} says not what it needs`);
    const strategy = manifest('Deployment', name).spec.strategy.rollingUpdate;
    must(strategy.maxUnavailable === 0 && strategy.maxSurge > 0, `${name}: a rolling update takes one away before another is there`);
    must(manifest('PodDisruptionBudget', name).spec.selector.matchLabels['app.kubernetes.io/name'] === name, `${name} has no disruption budget`);
  }
  const [silo, frontEnd] = ['llmtr-silo', 'llmtr-front-end'].map(name => manifest('Deployment', name).spec.template);
  const { data } = manifest('ConfigMap', 'llmtr');
  must(silo.metadata.labels['orleans/clusterId'] === data.Cluster__ClusterId && silo.metadata.labels['orleans/serviceId'] === data.Cluster__ServiceId, 'the silos\' labels are not the cluster\'s ids');
  must(!Object.keys(frontEnd.metadata.labels).some(label => label.startsWith('orleans/')), 'front ends carry the labels of silos');
  const rules = manifest('Role', 'llmtr-silo').rules;
  must(rules.length === 1 && rules[0].resources.join() === 'pods' && ['get', 'list', 'watch'].every(verb => rules[0].verbs.includes(verb)), 'silos cannot watch their pods, or may do more');
  const front = manifest('ConfigMap', 'llmtr-front-end').data;
  const spool = frontEnd.spec.volumes.find(volume => volume.name === 'spool').emptyDir.sizeLimit;
  must(bytes(spool) > +front.Audio__SpooledBytes, 'the volume of uploads is smaller than Audio:SpooledBytes, so the pod would be evicted');
  must(bytes(container('llmtr-front-end').resources.limits.memory) >= 2 * front.Metering__LargeBodyBytes, 'Metering:LargeBodyBytes is more than half of a front end\'s memory');
});

check('Compose mounts what is there, and Prometheus scrapes what runs', () => {
  const services = compose().services;
  const names = Object.entries(services).flatMap(([name, service]) => [name, ...Object.values(Array.isArray(service.networks) ? {} : service.networks ?? {}).flatMap(network => network.aliases ?? [])]);
  for (const service of Object.values(services)) {
    const volumes = (service.volumes ?? []).map(volume => volume.replace(/\$\{\w+:-([^}]*)\}/, '$1'));
    for (const [, from] of volumes.map(volume => /^(\.\.?\/[^:]+):/.exec(volume)).filter(Boolean))
      must(exists(`deploy/${from}`), `compose.yaml mounts deploy/${from}, which is not there`);
    volumes.filter(volume => !volume.startsWith('.')).forEach(volume => must(volume.split(':')[0] in compose().volumes, `compose.yaml mounts the volume ${volume}, which it does not have`));
  }
  const port = name => container(name).ports.find(each => each.name === 'http').containerPort;
  const targets = documents('deploy/observability/prometheus.yml')[0].scrape_configs.flatMap(job => job.static_configs.flatMap(each => each.targets));
  for (const target of targets) {
    const [host, number] = target.split(':');
    must(names.includes(host), `prometheus.yml scrapes ${host}, which compose.yaml has not`);
    must([port('llmtr-silo'), port('llmtr-front-end')].includes(+number), `prometheus.yml scrapes ${target}, where no program listens`);
  }
  const running = Object.keys(services).filter(name => /^(silo|front-end)-/.test(name)).length;
  must(targets.length === running, `prometheus.yml scrapes ${targets.length} of ${running} programs`);
});

check('The catalogue changes without a restart: front ends have it from a folder that is mounted', () => {
  const frontEnd = container('llmtr-front-end');
  const file = frontEnd.env.find(each => each.name === 'LLMTR_MODELS')?.value;
  const mount = frontEnd.volumeMounts.find(each => file === `${each.mountPath}/models.json`);
  must(mount && !mount.subPath, `nothing is mounted where ${file} is, or by subPath`);
  must(manifest('Deployment', 'llmtr-front-end').spec.template.spec.volumes.find(each => each.name === mount.name).configMap.name === 'llmtr-models', 'it is not the ConfigMap llmtr-models');
  for (const name of ['front-end-1', 'front-end-2']) {
    const service = compose().services[name];
    const [, folder, at] = service.volumes.map(volume => /^\$\{MODELS_FOLDER:-([^}]+)\}:([^:]+):ro$/.exec(volume)).find(Boolean) ?? [];
    must(service.environment.LLMTR_MODELS === `${at}/models.json` && exists(`deploy/${folder}/models.json`), `${name} in compose.yaml has its catalogue elsewhere`);
  }
});

check('kustomization.yaml has every manifest but the examples', () => {
  const listed = read('deploy/kubernetes/kustomization.yaml').match(/^ {2}- [\w-]+\.yaml$/gm).map(line => `deploy/kubernetes/${line.slice(4)}`);
  const there = list('deploy/kubernetes', ['.yaml']).filter(file => !/example|kustomization/.test(file));
  must(listed.sort().join() === there.sort().join(), `it lists ${listed.join(' ')}, but there are ${there.join(' ')}`);
});
