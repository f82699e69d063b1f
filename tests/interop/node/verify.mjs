// Verifies what the register publishes as a stranger would: with its JWK set and packages that this project did not write.
//
//   node verify.mjs FOLDER token LINK JWKS              a mark's link (@auth0/cose)
//   node verify.mjs FOLDER credential FILE DID          a verifiable credential and the did document (jsonld-signatures)
//   node verify.mjs FOLDER list FILE JWKS INDEX…        a status list as a JWT (WebCrypto, @sd-jwt/jwt-status-list)
//
// FOLDER has node_modules. Prints one JSON object; ends with 1 and says why on standard error when something is refused.

import { readFileSync } from 'node:fs';
import { webcrypto } from 'node:crypto';
import { pathToFileURL } from 'node:url';

const [folder, what, ...rest] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(`${folder}/node_modules/${path}`));

/** The published key of this purpose and kid (base64url), for verifying. */
async function key(file, purpose, kid) {
  const { keys } = JSON.parse(readFileSync(file, 'utf8'));
  const jwk = keys.find((one) => one.purpose === purpose && one.kid === kid);
  if (!jwk) throw new Error(`no key ${kid} for ${purpose}`);
  const { kty, crv, x } = jwk;
  return webcrypto.subtle.importKey('jwk', { kty, crv, x }, { name: 'Ed25519' }, true, ['verify']);
}

async function token(link, jwks) {
  const { Sign1 } = await load('@auth0/cose/dist/node/esm/index.js');
  let hex = BigInt(link.slice(link.lastIndexOf('/') + 1)).toString(16);
  if (hex.length % 2) hex = `0${hex}`;
  const signed = Sign1.decode(Buffer.from(hex, 'hex'));
  const kid = Buffer.from(signed.protectedHeaders.get(4)).toString('base64url');
  await signed.verify(await key(jwks, 'licence', kid));
  return { payload: Buffer.from(signed.payload).toString('hex'), kid };
}

async function list(file, jwks, ...indices) {
  const { getListFromStatusListJWT } = await load('@sd-jwt/jwt-status-list/dist/index.mjs');
  const jwt = readFileSync(file, 'utf8');
  const [head, body, signature] = jwt.split('.');
  const json = (part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  const { alg, kid, typ } = json(head);
  if (alg !== 'EdDSA' || typ !== 'statuslist+jwt') throw new Error(`${alg} ${typ}`);
  const message = Buffer.from(`${head}.${body}`);
  const trusted = await key(jwks, 'status', kid);
  const good = await webcrypto.subtle.verify({ name: 'Ed25519' }, trusted, Buffer.from(signature, 'base64url'), message);
  if (!good) throw new Error('the signature does not verify');
  const { sub, iat, exp, ttl } = json(body);
  const statuses = getListFromStatusListJWT(jwt);
  return { sub, iat, exp, ttl, statuses: indices.map((index) => statuses.getStatus(Number(index))) };
}

/** Data integrity: whoever the proof names as its key must be in the issuer's did document, for assertions. */
async function credential(file, did) {
  const [{ DataIntegrityProof }, { createVerifyCryptosuite }, { default: signatures }] = await Promise.all([
    load('@digitalbazaar/data-integrity/lib/index.js'),
    load('@digitalbazaar/eddsa-jcs-2022-cryptosuite/lib/index.js'),
    load('jsonld-signatures/lib/jsonld-signatures.js'),
  ]);
  const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
  const [signed, controller] = [read(file), read(did)];
  const documents = new Map([[controller.id, controller]]);
  for (const method of controller.verificationMethod) {
    documents.set(method.id, { '@context': 'https://w3id.org/security/multikey/v1', ...method });
  }
  const documentLoader = async (url) => {
    if (!documents.has(url)) throw new Error(`not asked for on any network: ${url}`);
    return { documentUrl: url, document: documents.get(url) };
  };
  const purpose = new signatures.purposes.AssertionProofPurpose();
  const suite = new DataIntegrityProof({ cryptosuite: createVerifyCryptosuite() });
  const result = await signatures.verify(signed, { suite, purpose, documentLoader });
  if (!result.verified) throw new Error(String(result.error?.errors?.[0] ?? result.error));
  const { id, credentialSubject, credentialStatus } = signed;
  return { id, credentialSubject, credentialStatus };
}

try {
  console.log(JSON.stringify(await { token, list, credential }[what](...rest)));
} catch (error) {
  console.error(`refused: ${error.message}`);
  process.exitCode = 1;
}
