// An OpenID provider that lies on request. Without a dependency, so that it can say anything.
//
//   node hostile.mjs REDIRECT…   REDIRECT are the addresses it may send people back to
//
// Prints its port on 127.0.0.1 and ends when its input does. Every scenario is an issuer of its own,
// `http://127.0.0.1:PORT/SCENARIO/oauth/`, and signs everybody in as `prime` without asking. The issuer
// `…/steered/oauth/` plays the scenario chosen last:
//
//   POST /control/scenario?name=SCENARIO   from now on, for `steered`
//   GET /control/asked?name=SCENARIO       how often its keys were asked for, as a number
//   GET /control/scenarios                 their names, one a line
//   GET /control/elsewhere                 host and port of its other address, where it answers the same

import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { accounts, client } from './accounts.mjs';
import { first, rs256, scenarios } from './scenarios.mjs';

const redirects = process.argv.slice(2);
const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const { port } = server.address();
// The same provider at another address, for the lies that lead there.
const second = createServer((request, response) => server.emit('request', request, response));
await new Promise((listening) => second.listen(0, '127.0.0.1', listening));
const elsewhere = `127.0.0.1:${second.address().port}`;

let steered = 'honest';
const states = new Map();
function stateOf(name) {
  if (!states.has(name)) states.set(name, { codes: new Map(), asked: 0 });
  return states.get(name);
}

const json = (response, status, body) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

function idToken({ lie, issuer }, { nonce }) {
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: 'RS256', kid: first.kid, typ: 'JWT' };
  const claims = { iss: issuer, sub: 'prime', aud: client.id, exp: now + 600, iat: now, auth_time: now - 5, nonce };
  lie.header?.(header);
  lie.claims?.(claims, now);
  const input = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${input}.${(lie.sign ?? ((text) => rs256(text, first)))(input).toString('base64url')}`;
}

/** The client as HTTP Basic names it: both halves form-encoded (RFC 6749, section 2.3.1). */
function isTheClient({ headers }) {
  const [scheme, credentials = ''] = (headers.authorization ?? '').split(' ');
  const halves = Buffer.from(credentials, 'base64').toString().split(':');
  const [id, secret] = halves.map((half) => decodeURIComponent(half.replaceAll('+', ' ')));
  return scheme === 'Basic' && id === client.id && secret === client.secret;
}

const endpoints = {
  '.well-known/openid-configuration'({ lie, issuer, response }) {
    if (lie.discovery) return lie.discovery(response);
    const document = {
      issuer,
      authorization_endpoint: `${issuer}authorize`,
      token_endpoint: `${issuer}token`,
      userinfo_endpoint: `${issuer}userinfo`,
      jwks_uri: `${issuer}jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    };
    lie.metadata?.(document, elsewhere);
    json(response, 200, document);
  },

  authorize({ lie, issuer, state, query, response }) {
    const to = query.get('redirect_uri');
    const isWhole =
      query.get('response_type') === 'code' &&
      query.get('client_id') === client.id &&
      query.get('scope').split(' ').includes('openid') &&
      query.get('code_challenge_method') === 'S256' &&
      ['state', 'nonce', 'code_challenge'].every((name) => (query.get(name) ?? '').length >= 43);
    if (!isWhole || !redirects.includes(to)) return json(response, 400, { error: 'invalid_request' });
    const code = randomBytes(16).toString('base64url');
    state.codes.set(code, { to, challenge: query.get('code_challenge'), nonce: query.get('nonce') });
    const back = new URL(to);
    back.searchParams.set('code', code);
    back.searchParams.set('state', query.get('state'));
    lie.callback?.(back.searchParams, issuer);
    response.writeHead(302, { location: back.href }).end();
  },

  async token({ lie, issuer, state, request, response }) {
    const form = await bodyOf(request);
    if (lie.token) return lie.token(response);
    if (!isTheClient(request)) return json(response, 401, { error: 'invalid_client' });
    const begun = state.codes.get(form.get('code'));
    state.codes.delete(form.get('code'));
    const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
    if (begun?.to !== form.get('redirect_uri') || begun?.challenge !== challenge) {
      return json(response, 400, { error: 'invalid_grant' });
    }
    const answer = { access_token: 'for-userinfo', token_type: 'Bearer', expires_in: 3600 };
    answer.id_token = idToken({ lie, issuer }, begun);
    lie.tokens?.(answer);
    json(response, 200, answer);
  },

  jwks({ lie, state, response }) {
    state.asked += 1;
    if (lie.jwks) return lie.jwks(response);
    const keys = lie.keys?.(state.asked) ?? [first];
    json(response, 200, { keys: keys.map((key) => key.jwk) });
  },

  userinfo({ lie, request, response }) {
    if (lie.userinfo) return lie.userinfo(response);
    if (request.headers.authorization !== 'Bearer for-userinfo') return json(response, 401, { error: 'invalid_token' });
    const claims = { sub: 'prime', ...accounts.prime };
    lie.about?.(claims);
    json(response, 200, claims);
  },
};

function control(url, response) {
  const name = url.searchParams.get('name');
  if (url.pathname === '/control/scenario' && name in scenarios) {
    steered = name;
    response.writeHead(204).end();
  } else if (url.pathname === '/control/scenarios') {
    response.writeHead(200).end(Object.keys(scenarios).join('\n'));
  } else if (url.pathname === '/control/elsewhere') {
    response.writeHead(200).end(elsewhere);
  } else if (url.pathname === '/control/asked') {
    response.writeHead(200).end(String(stateOf(name).asked));
  } else {
    response.writeHead(404).end();
  }
}

server.on('request', (request, response) => {
  const url = new URL(request.url, `http://127.0.0.1:${port}`);
  const [, name, endpoint] = url.pathname.match(/^\/([^/]+)\/oauth\/(.+)$/) ?? [];
  const lie = scenarios[name === 'steered' ? steered : name];
  if (!lie || !(endpoint in endpoints)) return control(url, response);
  const issuer = `http://127.0.0.1:${port}/${name}/oauth/`;
  endpoints[endpoint]({ lie, issuer, state: stateOf(name), query: url.searchParams, request, response });
});

process.stdout.write(`${port}\n`);
process.stdin.resume().on('end', () => process.exit());
