// 单点登录的签发方 — 真的 oidc-provider，一个客户端，登录页接受任何账号；只在试验中用。
// 用法：node provider.mjs 端口 回调地址 客户端编号 客户端密钥
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(`${process.cwd()}/`);
const { Provider } = await import(pathToFileURL(require.resolve('oidc-provider')).href);
const [port, callback, client, secret] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients: [{ client_id: client, client_secret: secret, redirect_uris: [callback], response_types: ['code'], grant_types: ['authorization_code'] }],
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  cookies: { keys: ['只在试验中用'] },
});
provider.on('server_error', (_, why) => console.error(why));
provider.listen(Number(port), '127.0.0.1', () => console.log(`签发方 ${issuer}`));
