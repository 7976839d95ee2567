// What staff do in the console, in a real browser: every page, keys alone, no JavaScript, phone and dark, and
// axe-core on all of it. Usage: node flow.mjs BASE_URL EMAIL PASSWORD SCREENSHOT_FOLDER ROWS
// Ends with status 0 and one JSON line, or tells the first thing that was wrong.
import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const [base, email, password, folder, rows] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
mkdirSync(folder, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.TRIBUTARY_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
const wide = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: "light" });
const page = await wide.newPage();
const complaints = [];
let checked = 0;

// What the page itself complains of: refused scripts and styles, failed requests, errors.
page.on("console", (message) => message.type() === "error" && !message.text().includes("status of 404")
  && complaints.push(`${page.url()}: ${message.text()}`));
page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));

async function look(name, where = page) {
  await where.evaluate(axe);
  const found = await where.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  for (const violation of found.violations) {
    complaints.push(`${name}: axe ${violation.id}: ${violation.nodes[0].html.slice(0, 200)} ${violation.nodes[0].failureSummary}`);
  }
  checked += 1;
  await where.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

async function signIn(context) {
  const tab = await context.newPage();
  await tab.goto(`${base}/console`);
  await tab.fill("#email", email);
  await tab.fill("#password", password);
  await Promise.all([tab.waitForURL(`${base}/console`), tab.click("button.main")]);
  return tab;
}

// A key that leads to another page.
let pressed = 0;
async function press(key, where = page) {
  pressed += 1;
  await Promise.all([where.waitForNavigation(), where.keyboard.press(key)]);
}

const waiting = async () => Number((await page.textContent(".lead p")).replace(/\D/g, "") || "0");

// Signing in, by keys alone.
await page.goto(`${base}/console`);
await look("sign-in");
await page.keyboard.type(email);
await page.keyboard.press("Tab");
await page.keyboard.type(password);
await Promise.all([page.waitForURL(`${base}/console`), page.keyboard.press("Enter")]);
await look("home");

// The help, the bucket, and its rows.
await page.keyboard.press("?");
assert(await page.isVisible("#keys"), "? shows the keys");
await look("keys");
await page.keyboard.press("Escape");
await press("b");
const before = await waiting();
await look("bucket");
await page.keyboard.press("j");
await page.keyboard.press("j");
const second = await page.evaluate(() => document.activeElement.textContent);
await press("Enter");
assert.equal(await page.textContent("h1"), second, "j, j, Enter opens the second row");
await press("b");

// As many rows as asked for, by keys alone: Enter once, then one key a row.
pressed = 0;
const begun = Date.now();
await press("Enter");
await look("review");
for (let row = 0; row < Number(rows); row += 1) await press("m");
const seconds = (Date.now() - begun) / 1000;
const keystrokes = pressed;
assert.match(await page.textContent(".toast"), /Row merged/);
await look("review-next");
await press("b");
assert.equal(await waiting(), before - Number(rows), "each key decided one row");

// Undo, skip, create, reject, add, edit.
await press("Enter");
await press("x");
assert.match(await page.textContent(".toast"), /Row rejected/);
await press("u");
assert.match(await page.textContent(".toast"), /Taken back/);
await press("s");
await press("c");
assert.match(await page.textContent(".toast"), /Row created/);
await press("a");
assert.match(await page.textContent(".toast"), /Row merged/);
await press("e");
await look("edit");
await page.fill("[name=sent_firstName]", "Corrected");
await Promise.all([page.waitForNavigation(), page.click("button.main")]);
assert.match(await page.textContent(".toast"), /next run/);

// Whose a row is, what its sender is asked, who it is not, and where a value came from.
await press("b");
await press("Enter");
await press("i");
assert.match(await page.textContent(".lead"), /given to Ada Byron/);
await page.fill("#question", "Is this Ines or Bertram?");
await Promise.all([page.waitForNavigation(), page.click("form[action*='/ask'] button")]);
assert.match(await page.textContent("main"), /The sender was asked/);
await page.focus(".value");
assert(await page.isVisible(".value:focus > .from"), "provenance shows on focus");
await look("review-provenance");
await page.keyboard.press("Escape");
assert(!(await page.isVisible(".value:focus > .from")), "Escape puts it away");
await press("n");
assert.match(await page.textContent(".candidate"), /Not this contact: said by/);
await look("review-ruled-out");
await Promise.all([page.waitForNavigation(), page.click("text=Take that back")]);

// A part of the bucket, and many rows at once after a look.
await press("b");
await Promise.all([page.waitForNavigation(), page.click(".chip >> nth=0")]);
await page.selectOption("#whose", "none");
await Promise.all([page.waitForNavigation(), page.click(".filters button")]);
await page.click(".bulk summary");
await page.check(".bulk [value=assign]");
await page.selectOption("#bulk-assignee", email);
await look("bucket-filtered");
await Promise.all([page.waitForNavigation(), page.click(".bulk button")]);
assert.match(await page.textContent("main"), /would be done/);
await look("bulk-preview");
await Promise.all([page.waitForNavigation(), page.click("main button.main")]);
assert.match(await page.textContent("[role=status]"), /Done with/);
await look("bulk-done");

// Contact, transaction, search.
await press("b");
await press("Enter");
await Promise.all([page.waitForNavigation(), page.click(".candidate h2 a")]);
await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
await look("contact");
for (const name of ["merge", "duplicates", "consent", "erase"]) {
  await page.goto(`${base}/console/contacts/1/${name}`);
  await look(`contact-${name}`);
}
await page.goto(`${base}/console/contacts/1/merge`);
await page.fill("#q", "2");
await Promise.all([page.waitForNavigation(), page.press("#q", "Enter")]);
await Promise.all([page.waitForNavigation(), page.click("[data-row]")]);
await look("merge-preview");
await press("m");
assert.match(await page.textContent(".toast"), /was merged into/);
await look("contact-merged");
await press("u");
assert.match(await page.textContent("[role=status]"), /The merge was taken back/);
await look("unmerged");
await page.keyboard.press("/");
await page.keyboard.type("Harbor/h0");
await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
assert.match(page.url(), /contacts/);
await Promise.all([page.waitForNavigation(), page.click("a:text-is('submission') >> nth=0")]);
assert.match(page.url(), /transactions/);
await look("transaction");
await page.goto(`${base}/console/search?q=nobody`);
await look("search");
await press("t");
await page.fill("#source", "Harbor");
await page.fill("#id", "h1");
await Promise.all([page.waitForNavigation(), page.press("#id", "Enter")]);
await look("transactions");
await page.fill("#text", "corrected");
await page.selectOption("#state", "held");
await Promise.all([page.waitForNavigation(), page.press("#text", "Enter")]);
assert.match(await page.textContent("main"), /Corrected/);
await look("transactions-found");

// Duplicates: scanned, then pair after pair by keys.
await press("d");
await Promise.all([page.waitForNavigation(), page.click("text=Scan everything on file")]);
await page.waitForURL(`${base}/console/duplicates`, { timeout: 60_000 });
await page.waitForSelector("text=Everything on file was looked at");
await look("duplicates");
await press("Enter");
await look("pair");
await press("s");
await press("m");
assert.match(await page.textContent(".toast"), /was merged into/);
await look("pair-next");
await press("n");
await press("d");

// What the next run would do.
await press("r");
await Promise.all([page.waitForNavigation(), page.click("text=Dry run")]);
await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
await look("dry-run");

// Run now, followed live.
await press("h");
await Promise.all([page.waitForNavigation(), page.click("text=Run now")]);
await page.waitForURL(`${base}/console`, { timeout: 30_000 });
await page.waitForSelector("text=Run now");
await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
await look("home-after-run");
await press("r");
await look("runs");
await page.keyboard.press("j");
await press("Enter");
await look("run");
await page.click("text=Take the whole run back");
await page.check("[name=sure]");
await Promise.all([page.waitForNavigation(), page.click("button.danger")]);
await page.waitForSelector("text=Taken back by", { timeout: 60_000 });
await look("run-undone");
await press("w");
await look("webhooks");
await page.goto(`${base}/console/account`);
await look("account");
await page.goto(`${base}/console/users`);
await look("users");
await page.goto(`${base}/console/nowhere`);
await look("not-found");
assert.equal(await page.evaluate(() => window.hacked), undefined, "what a donor wrote was run");

// Dark, phone, twice the size, print.
for (const [name, options] of Object.entries({
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
  phone: { viewport: { width: 320, height: 640 }, colorScheme: "light" },
  zoomed: { viewport: { width: 640, height: 450 }, colorScheme: "light" },
})) {
  const context = await browser.newContext(options);
  const tab = await signIn(context);
  const paths = ["", "/bucket", "/bucket/bulk?action=merge_best", "/duplicates", "/transactions", "/runs", "/runs/1", "/contacts/1",
    "/contacts/1/merge?with=2", "/contacts/1/duplicates", "/contacts/1/erase", "/account", "/users", "/webhooks"];
  for (const path of paths) {
    await tab.goto(`${base}/console${path}`);
    const over = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert(over <= 0, `${name} ${path}: the page is ${over} pixels too wide`);
    await look(`${name}${path.replaceAll(/[^a-z0-9]+/g, "-") || "-home"}`, tab);
  }
  await tab.goto(`${base}/console/bucket`);
  await Promise.all([tab.waitForNavigation(), tab.click("[data-row]")]);
  const over = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert(over <= 0, `${name} review: the page is ${over} pixels too wide`);
  await look(`${name}-review`, tab);
  await tab.goto(`${base}/console/duplicates`);
  await Promise.all([tab.waitForNavigation(), tab.click("[data-row]")]);
  const wide = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert(wide <= 0, `${name} pair: the page is ${wide} pixels too wide`);
  await look(`${name}-pair`, tab);
  await context.close();
}
await page.goto(`${base}/console/contacts/1`);
await page.emulateMedia({ media: "print" });
await page.screenshot({ path: `${folder}/print-contact.png`, fullPage: true });

// Without JavaScript everything is a form or a link.
const plain = await browser.newContext({ javaScriptEnabled: false });
const tab = await signIn(plain);
await tab.click("nav >> text=Bucket");
await tab.click("text=Review the first");
await tab.click("button[value=merge] >> nth=0");
await tab.waitForSelector("text=Row merged");
await tab.click("text=Undo");
await tab.waitForSelector("text=Taken back");
await tab.click("text=Sign out");
await tab.waitForSelector("text=Sign in to Tributary");

await browser.close();
assert.deepEqual(complaints, []);
console.log(JSON.stringify({ resolved: Number(rows), keystrokes, seconds, pages: checked }));
