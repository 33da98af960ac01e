// 单点登录 — 在真的浏览器里，对真的 oidc-provider：没有关联就拒绝，关联之后登录，回放不认，取消有话说，再次验证要重新登录；签发方停了说得清楚。
// 用法：node sso.mjs 门户地址 口令 签发方地址 签发方进程号（最后一步停掉它）
import { enter, open, says, walk } from './browser.mjs';

const [base, password, issuer, program] = process.argv.slice(2);
const browser = await open();
const context = await browser.newContext();
const page = await context.newPage();
const back = [];
page.on('request', (asked) => { if (asked.url().startsWith(`${base}/sign-in/sso/callback`)) back.push(asked.url()); });

/** 在签发方的页面上登录并同意。 */
async function vouch(account) {
  await page.waitForURL(`${issuer}/interaction/**`);
  if (await page.locator('input[name=login]').count()) {
    await page.fill('input[name=login]', account);
    await page.fill('input[name=password]', '随便');
    await page.click('button[type=submit]');
    await page.waitForURL((url) => !url.href.startsWith(issuer) || url.href.includes('/interaction/'));
  }
  if (page.url().startsWith(issuer)) await page.click('button[type=submit]');
}
const leave = async () => { await page.click('button:has-text("退出")'); await page.waitForURL(`${base}/`); };
const begin = async () => { await page.goto(`${base}/sign-in`); await page.click('button:has-text("单点登录")'); };

const faults = await walk('单点登录', base, page, [
  ['没有关联的账号被拒绝', async () => {
    await begin();
    await vouch('lin-yue@gov');
    await says(page, '单点登录账号“lin-yue@gov”没有关联到本平台的人员');
  }],
  ['回放不认', async () => {
    await page.goto(back.at(-1));
    await says(page, '这一次单点登录已经用过');
  }],
  ['别的浏览器拿着还没用过的地址也没有用', async () => {
    const asked = await context.request.post(`${base}/sign-in/sso`, { form: { for: 'enter' } });
    const onward = asked.headers().refresh.replace('0; url=', '');
    const address = (await context.request.get(onward, { maxRedirects: 0 })).headers().location;
    if (!address.startsWith(`${base}/sign-in/sso/callback?code=`)) throw new Error(address);
    const other = await browser.newContext();
    const answer = await other.request.get(address);
    if (answer.status() !== 409) throw new Error(`应是 409，却是 ${answer.status()}`);
    await other.close();
    await page.goto(address);
    await says(page, '没有关联到本平台的人员'); // 自己的浏览器里，它仍是一次有效的答复
  }],
  ['取消有话说', async () => {
    await context.clearCookies({ domain: '127.0.0.1' });
    await begin();
    await page.waitForURL(`${issuer}/interaction/**`);
    await page.click('a:has-text("Cancel")');
    await says(page, '单点登录处没有同意登录');
  }],
  ['关联', async () => {
    await enter(page, base, 'jiaotong', password);
    await page.waitForURL(`${base}/tasks`);
    await page.goto(`${base}/passkeys`);
    await page.click('button:has-text("关联单点登录账号")');
    await vouch('lin-yue@gov');
    await page.waitForURL(`${base}/passkeys`);
    await says(page, '解除关联“lin-yue@gov”');
  }],
  ['登录', async () => {
    await leave();
    await begin();
    await page.waitForURL(`${base}/tasks`);
  }],
  ['再次验证要重新登录', async () => {
    await page.goto(`${base}/prove?back=/passkeys`);
    await page.click('button:has-text("用单点登录验证")');
    await page.waitForURL(`${issuer}/interaction/**`);
    await vouch('lin-yue@gov');
    await page.waitForURL(`${base}/passkeys`);
  }],
  ['别人的账号不能再次验证', async () => {
    await page.goto(`${base}/prove?back=/passkeys`);
    await page.click('button:has-text("用单点登录验证")');
    await vouch('someone-else@gov');
    await says(page, '没有关联到本平台的人员');
  }],
  ['别人已经关联的账号不能再关联', async () => {
    await leave();
    await context.clearCookies({ domain: '127.0.0.1' });
    await enter(page, base, 'yunying', password);
    await page.waitForURL(`${base}/tasks`);
    await page.goto(`${base}/passkeys`);
    await page.click('button:has-text("关联单点登录账号")');
    await vouch('lin-yue@gov');
    await says(page, '已经关联到另一名人员');
  }],
  ['解除之后登录不了', async () => {
    await leave();
    await enter(page, base, 'jiaotong', password);
    await page.waitForURL(`${base}/tasks`);
    await page.goto(`${base}/passkeys`);
    await page.click('button:has-text("解除关联")');
    await says(page, '还没有关联单点登录的账号');
    await leave();
    await begin();
    await says(page, '没有关联到本平台的人员');
  }],
  ['受邀的人不设口令，用单点登录接受', async () => {
    await context.clearCookies();
    await context.request.post(`${base}/sign-in`, { data: { login: 'guanli', password } });
    const invited = { act: 'invitation.issue', person: 'xin-lai', name: '辛来', org: 'transport-bureau', role: 'organisation_administrator', post: '单位管理员' };
    const issued = await context.request.post(`${base}/acts`, { data: invited });
    if (!issued.ok()) throw new Error(await issued.text());
    const { secret } = await issued.json();
    await context.clearCookies();
    await page.goto(`${base}/invitations/${secret}`);
    await page.click('button:has-text("用单点登录接受邀请")');
    await vouch('xin-lai@gov');
    await page.waitForURL(`${base}/tasks`);
    await page.goto(`${base}/passkeys`);
    await page.click('button:has-text("解除关联")');
    await says(page, '您没有口令，也没有通行密钥，解除之后就不能登录了');
  }],
  ['签发方停了，说的是它没有应答，口令照常', async () => {
    await leave();
    const asked = await context.request.post(`${base}/sign-in/sso`, { form: { for: 'enter' } });
    const onward = asked.headers().refresh.replace('0; url=', '');
    const address = (await context.request.get(onward, { maxRedirects: 0 })).headers().location;
    if (!address.startsWith(`${base}/sign-in/sso/callback?code=`)) throw new Error(address);
    process.kill(Number(program));
    while (await context.request.get(issuer).then(() => true, () => false)) await new Promise((wait) => setTimeout(wait, 50));
    const answer = await context.request.get(address);
    if (answer.status() !== 502) throw new Error(`应是 502，却是 ${answer.status()}`);
    if (!(await answer.text()).includes('单点登录的服务器没有应答')) throw new Error('没有说签发方没有应答');
    await enter(page, base, 'jiaotong', password);
    await page.waitForURL(`${base}/tasks`);
  }],
]);
await browser.close();
process.exit(faults ? 1 : 0);
