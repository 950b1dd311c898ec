// Runs nginx with the front door's own files before front ends that fail, and sees what it does: the money is in the details of proxy_next_upstream.
const fs = require('node:fs');
const http = require('node:http');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { spawn } = require('node:child_process');
const { once } = require('node:events');

const root = path.resolve(__dirname, '../..');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'front-door-'));
const problems = [];
const must = (condition, sentence) => condition || problems.push(sentence);

const listen = async server => (server.listen(0, '127.0.0.1'), await once(server, 'listening'), server.address().port);
const freePort = async () => {
  const server = net.createServer();
  const port = await listen(server);
  server.close();
  await once(server, 'close');
  return port;
};

// A front end: counts what it is sent, breaks where it is told to, and streams in two parts of which the second waits for the test.
const frontEnd = async () => {
  const seen = [];
  const waiting = [];
  const server = http.createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    if (request.url.startsWith('/v1/break'))
      return request.resume().on('end', () => request.socket.destroy());
    if (request.url === '/v1/503')
      return response.writeHead(503).end('mine');
    if (request.url.startsWith('/v1/stream')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
      return waiting.push(() => response.end('data: 2\n\n'));
    }
    request.resume().on('end', () => response.end('served'));
  });
  return { port: await listen(server), seen, waiting, server };
};

const ask = (port, method, url, body) => new Promise((resolve, reject) => {
  const request = http.request({ host: '127.0.0.1', port, method, path: url, agent: false, headers: body ? { 'content-length': body.length } : {} }, response => {
    let text = '';
    response.on('data', data => text += data).on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
  });
  request.on('error', reject).end(body);
});

const main = async () => {
  const [one, two, port, dead] = [await frontEnd(), await frontEnd(), await freePort(), await freePort()];
  for (const name of ['nginx.conf', 'locations.conf', 'proxy.conf'])
    fs.writeFileSync(path.join(folder, name), fs.readFileSync(path.join(root, 'deploy/nginx', name), 'utf8')
      .replace('listen 8080', `listen 127.0.0.1:${port}`).replaceAll('/tmp/nginx', `${folder}/nginx`).replace('/dev/stdout', `${folder}/access.log`));
  const upstreams = fs.readFileSync(path.join(root, 'deploy/nginx/upstreams.conf'), 'utf8').replace(/^ *server .*$/gm, '').replace('least_conn;', `
    server 127.0.0.1:${dead} max_fails=0; server 127.0.0.1:${one.port} max_fails=0; server 127.0.0.1:${two.port} max_fails=0;`);
  fs.writeFileSync(path.join(folder, 'upstreams.conf'), upstreams);

  const nginx = spawn('nginx', ['-c', path.join(folder, 'nginx.conf'), '-g', 'daemon off;'], { stdio: 'ignore' });
  const ended = once(nginx, 'exit');
  try {
    for (const until = Date.now() + 10_000; ;) {
      if (await ask(port, 'GET', '/').then(() => true, () => false))
        break;
      if (Date.now() > until || nginx.exitCode !== null)
        throw new Error('nginx did not start');
      await new Promise(resolve => setTimeout(resolve, 20));
    }

    // Round robin over three, of which one refuses connections: no request may notice.
    for (let i = 0; i < 9; i++)
      must((await ask(port, 'POST', '/v1/responses', '{}')).text === 'served', 'a POST failed though it had not been sent to the front end that is away');
    must(one.seen.length + two.seen.length === 9, 'a POST was sent more than once');

    for (let i = 0; i < 6; i++) {
      const before = one.seen.length + two.seen.length;
      const answer = await ask(port, 'POST', `/v1/break/${i}`, '{}');
      must(one.seen.length + two.seen.length === before + 1, 'a POST whose connection broke was sent again: a second bill');
      must(answer.status === 503 && answer.headers['x-should-retry'] === 'false', `a broken POST was answered ${answer.status} without x-should-retry: false`);
      must(JSON.parse(answer.text).error.type === 'provider_unavailable', 'the front door\'s own answer has not the envelope');
    }
    must((await ask(port, 'POST', '/v1/503', '{}')).text === 'mine', 'a front end\'s own 503 was replaced');

    const served = one.seen.length + two.seen.length;
    for (const hidden of ['/metrics', '/admin/v1/keys', '/health/ready', '/v1/../admin/v1/keys', '/v1/%2e%2e/metrics', '//admin/v1/keys', '/dashboard',
      '/openapi/admin.json', '/openapi/', '/docs/../openapi/admin.json', '/docs/%2e%2e/admin/v1/keys', '/openapi/v1.json/../admin.json', '/docs.json'])
      must((await ask(port, 'GET', hidden)).status === 404, `${hidden} is passed on`);
    must(one.seen.length + two.seen.length === served, 'a front end saw what is not for customers');
    for (const shown of ['/docs', '/docs/', '/docs/scalar.js', '/openapi/v1.json'])
      must((await ask(port, 'GET', shown)).text === 'served', `${shown} is not passed on`);
    for (const upload of ['/v1/audio/transcriptions', '/v1/stt', '/v1/images/edits'])
      must((await ask(port, 'POST', upload, Buffer.alloc(35 * 1024 * 1024))).text === 'served', `${upload} refuses 35 MiB`);
    must((await ask(port, 'POST', '/v1/responses', Buffer.alloc(35 * 1024 * 1024))).status === 413, 'a body of 35 MiB is taken');

    // The first event must arrive while the second does not exist yet.
    await new Promise((resolve, reject) => http.get({ host: '127.0.0.1', port, path: '/v1/stream?signature=secret', agent: false }, response => {
      response.once('data', data => {
        must(`${data}` === 'data: 1\n\n', 'a stream does not begin with its first event');
        [...one.waiting, ...two.waiting].forEach(end => end());
        response.on('end', resolve);
      });
    }).on('error', reject).setTimeout(5000, () => reject(new Error('a stream is buffered'))));

    // nginx writes its line after the client has had the end.
    const logged = () => fs.readFileSync(path.join(folder, 'access.log'), 'utf8');
    for (const until = Date.now() + 5000; !logged().includes(' /v1/stream ') && Date.now() < until;)
      await new Promise(resolve => setTimeout(resolve, 20));
    const log = logged();
    must(log.includes(' /v1/stream 200 ') && !log.includes('secret'), 'the log has queries, which may be signatures, or lacks requests');
  } finally {
    nginx.kill('SIGTERM');
    await ended;
    for (const { server } of [one, two]) {
      server.closeAllConnections();
      server.close();
    }
    fs.rmSync(folder, { recursive: true, force: true });
  }
};

main().catch(error => problems.push(error.message)).then(() => {
  if (problems.length > 0) {
    console.log([...new Set(problems)].join('; '));
    process.exit(1);
  }
});
