// 通行密钥 — 在真的浏览器里，用它的虚拟认证器：登记、口令之后出示、单独登录、再次验证、换了设备不认、移除。
// 用法：node passkey.mjs 门户地址（http://localhost:端口） 口令
import { enter, open, says, walk } from './browser.mjs';

const [base, password] = process.argv.slice(2);
const browser = await open();
const context = await browser.newContext();
const page = await context.newPage();
const protocol = await context.newCDPSession(page);
await protocol.send('WebAuthn.enable');
const device = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
const { authenticatorId } = await protocol.send('WebAuthn.addVirtualAuthenticator', { options: device });
const cookie = async () => (await context.cookies(base)).find(({ name }) => name.endsWith('shuyun_session'))?.value;
const leave = async () => { await page.click('button:has-text("退出")'); await page.waitForURL(`${base}/`); };
let before;
let kept;

const faults = await walk('通行密钥', base, page, [
  ['以口令登录', async () => { await enter(page, base, 'shiban', password); await page.waitForURL(`${base}/tasks`); }],
  ['登记', async () => {
    await page.goto(`${base}/passkeys`);
    await says(page, '还没有登记通行密钥');
    await page.fill('#name', '办公室电脑');
    await page.click('button:has-text("登记")');
    await says(page, '移除“办公室电脑”');
    const { credentials } = await protocol.send('WebAuthn.getCredentials', { authenticatorId });
    if (credentials.length !== 1 || !credentials[0].isResidentCredential) throw new Error('设备里应有一个可以单独登录的通行密钥');
    kept = credentials[0];
  }],
  ['同一设备不登记两次', async () => {
    await page.fill('#name', '又一次');
    await page.click('button:has-text("登记")');
    await says(page, '这个设备已经登记过了');
  }],
  ['改名', async () => {
    await page.fill('#n-1', '值班室电脑');
    await page.click('button:has-text("改名")');
    await says(page, '移除“值班室电脑”');
  }],
  ['只有口令不能登录', async () => {
    await leave();
    await enter(page, base, 'shiban', password);
    await says(page, '还须出示通行密钥');
    if (await cookie()) throw new Error('还没有出示，就有了会话');
  }],
  ['口令之后出示', async () => { await page.click('button:has-text("出示通行密钥")'); await page.waitForURL(`${base}/tasks`); }],
  ['单独登录', async () => {
    await leave();
    await page.goto(`${base}/sign-in`);
    await page.click('button:has-text("用通行密钥登录")');
    await page.waitForURL(`${base}/tasks`);
  }],
  ['再次验证，会话换新', async () => {
    before = await cookie();
    await page.goto(`${base}/prove?back=/passkeys`);
    if (await page.locator('#password').count()) throw new Error('有通行密钥的，不凭口令再次验证');
    await page.click('button:has-text("用通行密钥验证")');
    await page.waitForURL(`${base}/passkeys`);
    if (await cookie() === before) throw new Error('会话没有换新');
    const answer = await context.request.get(`${base}/api/v1/whoami`, { headers: { cookie: `shuyun_session=${before}` } });
    if (answer.status() !== 401) throw new Error(`旧的令牌还能用：${answer.status()}`);
  }],
  ['用户没有通过设备的核对，就不作数', async () => {
    await leave();
    await protocol.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await page.goto(`${base}/sign-in`);
    await page.click('button:has-text("用通行密钥登录")');
    await says(page, '没有完成');
    await protocol.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
  }],
  ['被复制的通行密钥停用', async () => {
    // 一份旧的副本：计数回到登记时。
    await protocol.send('WebAuthn.removeCredential', { authenticatorId, credentialId: kept.credentialId });
    await protocol.send('WebAuthn.addCredential', { authenticatorId, credential: { ...kept, signCount: 0 } });
    await page.goto(`${base}/sign-in`);
    await page.click('button:has-text("用通行密钥登录")');
    await says(page, '计数倒退，可能已被复制，已停用');
    await page.goto(`${base}/sign-in`);
    await page.click('button:has-text("用通行密钥登录")');
    await says(page, '已停用');
  }],
]);
await browser.close();
process.exit(faults ? 1 : 0);
