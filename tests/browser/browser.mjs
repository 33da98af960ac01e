// 浏览器 — 打开 Chromium，登记一件不对的事，说出结果。登录的两段试验共用。
import { createRequire } from 'node:module';

const require = createRequire(`${process.cwd()}/`);
const { chromium } = require('playwright-core');

export const open = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

/** 一步一步走；哪一步不对，说出那一页，以 1 退出。 */
export async function walk(title, page, steps) {
  const faults = [];
  page.on('console', (said) => { if (said.type() === 'error' && !/status of 4\d\d/.test(said.text())) faults.push(said.text()); });
  page.on('pageerror', (fault) => faults.push(String(fault)));
  let now = '';
  try {
    for (const [name, step] of steps) {
      now = name;
      await step();
    }
  } catch (fault) {
    faults.push(`“${now}”没有走通：${fault.message}\n${page.url()}\n${await page.locator('main').innerText().catch(() => '')}`);
  }
  for (const fault of faults) console.error(fault);
  console.log(`${title}：${steps.length} 步，${faults.length} 处不对`);
  return faults.length;
}

/** 主要内容里有这句话。 */
export async function says(page, sentence) {
  await page.locator('main', { hasText: sentence }).waitFor({ timeout: 15000 });
}

/** 以口令登录。 */
export async function enter(page, base, login, password) {
  await page.goto(`${base}/sign-in`);
  await page.fill('#login', login);
  await page.fill('#password', password);
  await page.click('button:has-text("登录"):not(:has-text("单点")):not(:has-text("通行密钥"))');
}
