import { generateKeyPairSync } from 'node:crypto';
import { generate } from 'selfsigned';

/** In PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

export interface Certificates {
  readonly ca: string;
  /** kube-apiserver's own, for 127.0.0.1. */
  readonly server: Pair;
  /** Who may say in its headers on whose behalf it speaks: the client certificate of the front door. */
  readonly frontProxy: Pair;
  /** Signs the tokens of service accounts. */
  readonly serviceAccounts: { readonly public: string; readonly private: string };
}

/** The name in the front door's certificate (`--requestheader-allowed-names`). */
export const frontProxyName = 'front-door';

/** Made anew for each control plane, from one authority that nothing else trusts. */
export const makeCertificates = async (): Promise<Certificates> => {
  const kind = { keyType: 'ec', algorithm: 'sha256' } as const;
  const authority = await generate([{ name: 'commonName', value: 'test-cluster-ca' }], {
    ...kind,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const issue = async (name: string, usage: 'serverAuth' | 'clientAuth'): Promise<Pair> => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
      ...kind,
      ca: { key: authority.private, cert: authority.cert },
      extensions: [
        { name: 'basicConstraints', cA: false, critical: true },
        { name: 'keyUsage', digitalSignature: true, critical: true },
        { name: 'extKeyUsage', [usage]: true },
        {
          name: 'subjectAltName',
          altNames: [
            { type: 7, ip: '127.0.0.1' },
            { type: 2, value: 'localhost' },
          ],
        },
      ],
    });
    return { cert, key };
  };
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return {
    ca: authority.cert,
    server: await issue('kube-apiserver', 'serverAuth'),
    frontProxy: await issue(frontProxyName, 'clientAuth'),
    serviceAccounts: { public: publicKey, private: privateKey },
  };
};
