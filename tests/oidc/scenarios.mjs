// The lies of `hostile.mjs`, one a line or two. A scenario changes the honest provider in some of these places:
//
//   metadata(document, elsewhere)   the discovery document; `elsewhere` is its other host and port
//   callback(query)      what the browser is sent back with
//   header(header), claims(claims, now), sign(input)   the ID token
//   tokens(answer)       the token endpoint's answer
//   about(claims)        UserInfo
//   keys(asked)          the key set; `asked` counts from 1
//   discovery, token, jwks, userinfo   a whole answer in place of the honest one: (response) => …

import { constants, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { client } from './accounts.mjs';

function keyPair(kid, modulusLength = 2048) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  return { kid, privateKey, publicKey, jwk: { ...publicKey.export({ format: 'jwk' }), use: 'sig', kid } };
}

export const first = keyPair('first');
const second = keyPair('second');
const short = keyPair('short', 1024);

export const rs256 = (input, key) => sign('sha256', Buffer.from(input), key.privateKey);
const ps256 = (input, key) =>
  sign('sha256', Buffer.from(input), { key: key.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
const hs256 = (input, secret) => createHmac('sha256', secret).update(input).digest();

const signedBy = (key) => ({ header: (header) => (header.kid = key.kid), sign: (input) => rs256(input, key) });
const claiming = (claims) => ({ claims: (honest) => Object.assign(honest, claims) });
const saying = (claims) => ({ about: (honest) => Object.assign(honest, claims) });
const later = (name, seconds) => ({ claims: (honest, now) => (honest[name] = now + seconds) });
/** Sent back with this in the query; `null` takes a name away. */
function returning(changed) {
  const change = (query, name, value) => (value === null ? query.delete(name) : query.set(name, value));
  return { callback: (query) => Object.entries(changed).forEach(([name, value]) => change(query, name, value)) };
}
const announcing = (algorithm) => ({
  metadata: (document) => document.id_token_signing_alg_values_supported.push(algorithm),
  header: (header) => (header.alg = algorithm),
});
const moving = (name) => ({
  metadata: (document, elsewhere) =>
    (document[name] = document[name].replace(/^http:\/\/[^/]+/, `http://${elsewhere}`)),
});
const announcesIssuer = (document) => (document.authorization_response_iss_parameter_supported = true);

const whole = (type, status, body) => (response) => response.writeHead(status, { 'content-type': type }).end(body);
const json = (status, body) => whole('application/json', status, body);
const page = (status) => whole('text/html', status, '<p>no');
const elsewhere = (response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end();
const silence = () => {};
const hugeAnswer = json(200, `{"keys":[${' '.repeat(300 << 10)}]}`);
function dripping(response) {
  response.writeHead(200, { 'content-type': 'application/json' });
  const drops = setInterval(() => response.write(' '), 200);
  response.on('close', () => clearInterval(drops));
}

export const scenarios = {
  honest: {},

  // What the browser comes back with.
  'state-other': returning({ state: 'somebody-elses' }),
  'state-missing': returning({ state: null }),
  denied: returning({ code: null, error: 'access_denied' }),
  'code-missing': returning({ code: null }),
  'code-unknown': returning({ code: 'guessed' }),
  'callback-issuer-other': returning({ iss: 'https://other.example/' }),
  'callback-issuer-missing': { metadata: announcesIssuer },
  'callback-issuer-announced': { metadata: announcesIssuer, callback: (query, issuer) => query.set('iss', issuer) },

  // Discovery.
  'discovery-issuer-other': { metadata: (document) => (document.issuer = 'https://other.example/') },
  'discovery-issuer-without-slash': { metadata: (document) => (document.issuer = document.issuer.slice(0, -1)) },
  'discovery-fails': { discovery: page(500) },
  'discovery-malformed': { discovery: json(200, '{"issuer":') },
  'authorisation-insecure': {
    metadata: (document) => (document.authorization_endpoint = 'http://192.0.2.1/authorize'),
  },
  'authorisation-elsewhere': {
    metadata: (document) => (document.authorization_endpoint = 'https://other.example/authorize'),
  },

  // Addresses that nobody named, where the same answers would be had.
  'token-elsewhere': moving('token_endpoint'),
  'keys-elsewhere': moving('jwks_uri'),
  'userinfo-elsewhere': moving('userinfo_endpoint'),

  // Who the ID token is by and for.
  'token-issuer-other': claiming({ iss: 'https://other.example/' }),
  'token-issuer-without-slash': { claims: (claims) => (claims.iss = claims.iss.slice(0, -1)) },
  'audience-other': claiming({ aud: 'somebody-else' }),
  'audience-missing': claiming({ aud: undefined }),
  'audiences-with-azp': claiming({ aud: [client.id, 'somebody-else'], azp: client.id }),
  'audiences-without-azp': claiming({ aud: [client.id, 'somebody-else'] }),
  'audiences-azp-other': claiming({ aud: [client.id, 'somebody-else'], azp: 'somebody-else' }),
  'azp-other': claiming({ azp: 'somebody-else' }),
  'azp-ours': claiming({ azp: client.id }),

  // Algorithms. The last three are announced as well, to be tempting.
  'algorithm-unannounced': { header: (header) => (header.alg = 'PS256'), sign: (input) => ps256(input, first) },
  'algorithm-announced': { ...announcing('PS256'), sign: (input) => ps256(input, first) },
  'algorithm-none': { ...announcing('none'), sign: () => Buffer.alloc(0) },
  'algorithm-by-secret': { ...announcing('HS256'), sign: (input) => hs256(input, client.secret) },
  'algorithm-by-public-key': {
    ...announcing('HS256'),
    sign: (input) => hs256(input, first.publicKey.export({ type: 'spki', format: 'pem' })),
  },

  // Keys.
  'signature-by-another-key': { sign: (input) => rs256(input, second) },
  'signature-empty': { sign: () => Buffer.alloc(0) },
  'claims-altered': { sign: (input) => rs256(`${input}A`, first) },
  'key-of-another-name': { header: (header) => (header.kid = 'second'), keys: () => [first, second] },
  'key-rotated': { ...signedBy(second), keys: (asked) => (asked === 1 ? [first] : [second]) },
  'key-unknown': signedBy(second),
  'key-unnamed-of-two': { header: (header) => delete header.kid, keys: () => [first, second] },
  'key-too-short': { ...signedBy(short), keys: () => [short] },
  'keys-fail': { jwks: page(500) },
  'keys-redirect': { jwks: elsewhere },
  'keys-silent': { jwks: silence },
  'keys-drip': { jwks: dripping },
  'keys-huge': { jwks: hugeAnswer },
  'keys-malformed': { jwks: json(200, '{"keys":{}}') },
  'keys-insecure': { metadata: (document) => (document.jwks_uri = 'http://192.0.2.1/keys') },

  // Time.
  expired: later('exp', -120),
  'expired-within-skew': later('exp', -20),
  'issued-later': later('iat', 120),
  'issued-within-skew': later('iat', 20),
  'not-before-later': later('nbf', 120),
  'not-before-within-skew': later('nbf', 20),
  'authenticated-long-ago': later('auth_time', -3600),
  'authenticated-untold': claiming({ auth_time: undefined }),

  'nonce-other': claiming({ nonce: 'somebody-elses' }),
  'nonce-missing': claiming({ nonce: undefined }),

  // The token endpoint.
  'token-redirects': { token: elsewhere },
  'token-refuses': { token: json(400, '{"error":"invalid_grant"}') },
  'token-fails': { token: page(502) },
  'token-page': { token: page(200) },
  'token-malformed': { token: json(200, '{"access_token":') },
  'token-missing': { tokens: (answer) => delete answer.id_token },
  'token-encrypted-type': { header: (header) => (header.cty = 'JWT') },
  'token-critical': { header: (header) => (header.crit = ['b64']) },
  'access-token-unsendable': { tokens: (answer) => (answer.access_token = 'a\r\nb') },
  'subject-empty': claiming({ sub: '' }),

  // UserInfo.
  'userinfo-subject-other': saying({ sub: 'member' }),
  'userinfo-subject-missing': saying({ sub: undefined }),
  'userinfo-fails': { userinfo: page(500) },
  'userinfo-unauthorised': { userinfo: json(401, '{"error":"invalid_token"}') },
  'userinfo-page': { userinfo: page(200) },
  'userinfo-malformed': { userinfo: json(200, '{"sub":') },
  'userinfo-signed': { userinfo: whole('application/jwt', 200, 'a.b.c') },
  'account-member': saying({ account_type: 3 }),
  'account-entry': saying({ account_type: '1' }),
  'account-unknown': saying({ account_type: '9' }),
  'sole-proprietor': saying({ corp_type: '2', corporate_number: '0000000000000' }),
  'number-missing': saying({ corporate_number: '' }),
  'number-wrong': saying({ corporate_number: '8700110005902' }),
};
