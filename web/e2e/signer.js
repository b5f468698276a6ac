// A client with a signer of its own, as users write them: Alibaba Cloud's V1 signature.

import { createHmac } from 'node:crypto';

/**
 * Sends a signed request, and returns its status and its parsed reply.
 *
 * @param {string} url
 * @param {Record<string, string>} parameters
 * @param {{ keyId?: string, secret?: string, space?: string }} [options] `space` is the encoding of spaces: `+` is a common mistake.
 */
export async function sendSigned(url, parameters, { keyId = 'test', secret = 'test', space = '%20' } = {}) {
  const all = {
    ...parameters,
    AccessKeyId: keyId,
    SignatureMethod: 'HMAC-SHA1',
    SignatureNonce: crypto.randomUUID(),
    SignatureVersion: '1.0',
    Timestamp: new Date().toISOString().replace(/\.\d+/, ''),
    Version: '2016-01-20',
  };
  const query = Object.keys(all).sort().map((name) => `${name}=${encodeURIComponent(all[name]).replaceAll('%20', space)}`).join('&');
  const signature = createHmac('sha1', `${secret}&`).update(`GET&%2F&${encodeURIComponent(query)}`).digest('base64');
  const reply = await fetch(`${url}/?${query}&Signature=${encodeURIComponent(signature)}`);
  return { status: reply.status, body: await reply.json() };
}
