// Ask an endpoint through Comunica: node comunica.cjs ENDPOINT < queries.json
const { QueryEngine } = require("@comunica/query-sparql");

async function main() {
  const endpoint = process.argv[2];
  const queries = JSON.parse(require("fs").readFileSync(0, "utf8"));
  const engine = new QueryEngine();
  const context = { sources: [{ type: "sparql", value: endpoint }] };
  const answers = [];
  for (const { form, query } of queries) {
    if (form === "ask") {
      answers.push(await engine.queryBoolean(query, context));
    } else if (form === "construct") {
      const quads = await (await engine.queryQuads(query, context)).toArray();
      answers.push(quads.map((quad) => [quad.subject.value, quad.predicate.value, quad.object.value]));
    } else {
      const rows = await (await engine.queryBindings(query, context)).toArray();
      answers.push(rows.map((row) => Object.fromEntries([...row].map(([key, term]) => [key.value, term.value]))));
    }
  }
  console.log(JSON.stringify(answers));
}

main().catch((error) => {
  console.error(String(error));
  process.exit(1);
});
