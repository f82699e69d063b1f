// An OpenID provider that keeps to the rules, set up like GビズID: `oidc-provider` with an issuer that ends with a slash,
// HTTP Basic for the client, PKCE required, and everything about a person from UserInfo.
//
//   node provider.mjs FOLDER REDIRECT…   FOLDER has node_modules; REDIRECT are the addresses it may send people back to
//
// Prints its port on 127.0.0.1 and ends when its input does. Who signs in is chosen on its own page, by a button or by
// `?account=NAME` at the page's address; `?account=nobody` is the button for going back.
//
//   POST /control/corporate-number?account=NAME&number=DIGITS   changes what UserInfo will say

import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import { accounts, client } from './accounts.mjs';

// The output is for the port alone: who reads it closes it, and a remark written after that would end the process.
console.info = console.error;

const [folder, ...redirects] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(`${folder}/node_modules/oidc-provider/lib/index.js`));

const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const { port } = server.address();

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signing = { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'provider' };

const provider = new Provider(`http://127.0.0.1:${port}/oauth/`, {
  clients: [
    {
      client_id: client.id,
      client_secret: client.secret,
      redirect_uris: redirects,
      response_types: ['code'],
      grant_types: ['authorization_code'],
      token_endpoint_auth_method: 'client_secret_basic',
      require_auth_time: true,
    },
  ],
  jwks: { keys: [signing] },
  cookies: { keys: ['only for tests'] },
  pkce: { required: () => true },
  responseTypes: ['code'],
  clientAuthMethods: ['client_secret_basic'],
  scopes: ['openid'],
  // What each scope opens, as GビズID has it.
  claims: {
    openid: ['sub'],
    profile: ['account_type', 'corp_type', 'parent_id', 'corporate_number', 'name', 'rep_last_nm', 'rep_first_nm'],
    user: ['user_last_nm', 'user_first_nm'],
    email: ['email'],
  },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/oauth/interaction/${interaction.uid}` },
  findAccount: (_, name) => accounts[name] && { accountId: name, claims: () => ({ sub: name, ...accounts[name] }) },
  // Nobody is asked for consent: what the client asks for is granted when they sign in.
  loadExistingGrant: async (ctx) => {
    const grant = new provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid profile user');
    await grant.save();
    return grant;
  },
});
const answer = provider.callback();

/** The page on which one says who one is. */
async function interact(request, response, url) {
  const name = url.searchParams.get('account');
  const options = { mergeWithLastSubmission: false };
  const finish = (result) => provider.interactionFinished(request, response, result, options);
  if (name === 'nobody') {
    return finish({ error: 'access_denied', error_description: 'went back' });
  }
  if (name in accounts) {
    return finish({ login: { accountId: name } });
  }
  const names = [...Object.keys(accounts), 'nobody'];
  const buttons = names.map((to) => `<button name="account" value="${to}">${to}</button>`);
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(`<!doctype html><title>Provider</title><form>${buttons.join(' ')}</form>`);
}

function control(url, response) {
  const account = accounts[url.searchParams.get('account')];
  if (url.pathname === '/control/corporate-number' && account) {
    account.corporate_number = url.searchParams.get('number');
    response.writeHead(204).end();
  } else {
    response.writeHead(404).end();
  }
}

server.on('request', (request, response) => {
  const url = new URL(request.url, `http://127.0.0.1:${port}`);
  if (url.pathname.startsWith('/oauth/interaction/') && !url.pathname.endsWith('/abort')) {
    interact(request, response, url).catch((error) => response.writeHead(500).end(String(error)));
  } else if (url.pathname.startsWith('/oauth/')) {
    request.originalUrl = request.url;
    request.url = request.url.slice('/oauth'.length);
    answer(request, response);
  } else {
    control(url, response);
  }
});

process.stdout.write(`${port}\n`);
process.stdin.resume().on('end', () => process.exit());
