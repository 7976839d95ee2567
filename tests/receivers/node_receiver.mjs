// A webhook receiver as the libraries' documentation shows it, with nothing of this project in it.
//
// Prints its URL, then a line of JSON per request: {"accepted": bool, "type": str or null}. A request counts as
// accepted when both libraries accept it. Needs the subscription's secret in WEBHOOK_SECRET.

import { createServer } from "node:http";
import { Webhook as Standard } from "standardwebhooks";
import { Webhook as Svix } from "svix";

const secret = process.env.WEBHOOK_SECRET;
const verifiers = [new Standard(secret), new Svix(secret)];

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString("utf8");
  let told = { accepted: true, type: null };
  try {
    for (const verifier of verifiers) told.type = verifier.verify(body, request.headers).type;
  } catch {
    told = { accepted: false, type: null };
  }
  console.log(JSON.stringify(told));
  response.writeHead(told.accepted ? 204 : 400).end();
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/events`));
