// What `make vendor` does after `npm ci`: copies the libraries of the pages and the fonts of documents
// with their licences, compiles the two stylesheets, and writes lists of what lies in the folders.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { compile } from "sass";

const ROOT = join(fileURLToPath(import.meta.url), "..", "..");
const MODULES = join(ROOT, "node_modules");
const WEB = join(ROOT, "src", "reunion", "web");
const VENDOR = join(WEB, "static", "vendor");
const FONTS = join(ROOT, "src", "reunion", "base", "documents", "fonts");

// Package: its licence, and what is taken of it, by the name that it gets.
const TAKEN = {
  "cytoscape": { "LICENSE": "LICENSE", "cytoscape.min.js": "dist/cytoscape.min.js" },
  "echarts": {
    "LICENSE": "LICENSE",
    "LICENSE-d3": "licenses/LICENSE-d3",
    "LICENSE-zrender": "../zrender/LICENSE", // part of the file
    "NOTICE": "NOTICE",
    "echarts.min.js": "dist/echarts.min.js",
  },
  // Of this one the stylesheets are made; the package comes without the text of its licence.
  "govuk-frontend": { "LICENSE": "../../tools/licences/govuk-frontend.txt" },
  "leaflet": {
    "LICENSE": "LICENSE",
    "leaflet.js": "dist/leaflet.js",
    "leaflet.css": "dist/leaflet.css",
    "images": "dist/images",
  },
  "leaflet.markercluster": {
    "LICENSE": "MIT-LICENCE.txt",
    "leaflet.markercluster.js": "dist/leaflet.markercluster.js",
    "MarkerCluster.css": "dist/MarkerCluster.css",
    "MarkerCluster.Default.css": "dist/MarkerCluster.Default.css",
  },
  "topojson-client": {
    "LICENSE": "LICENSE",
    "topojson-client.min.js": "dist/topojson-client.min.js",
  },
};

// Scripts that the font of the Python package for Chinese does not have.
const TAKEN_FONTS = {
  "@expo-google-fonts/noto-sans-devanagari": {
    "LICENSE": "LICENSE_FONT",
    "NotoSansDevanagari-Regular.ttf": "400Regular/NotoSansDevanagari_400Regular.ttf",
    "NotoSansDevanagari-Bold.ttf": "700Bold/NotoSansDevanagari_700Bold.ttf",
  },
};

const INTERNAL_STYLE = join(WEB, "static", "reunion", "site.css");
const PUBLIC_STYLE = join(WEB, "public_files", "public.css");

// collectstatic stops at the first map that is not there.
const withoutMap = (text) => text.replace(/\n?\/[/*][#@] sourceMappingURL=[^\n]*/g, "");

function copied(shelf, name, taken) {
  const from = join(MODULES, name);
  const { version, license: licence } = JSON.parse(readFileSync(join(from, "package.json"), "utf8"));
  const folder = join(shelf, `${name.split("/").pop()}-${version}`);
  mkdirSync(folder, { recursive: true });
  for (const [target, source] of Object.entries(taken)) {
    cpSync(join(from, source), join(folder, target), { recursive: true });
    if (/\.(js|css)$/.test(target)) {
      const file = join(folder, target);
      writeFileSync(file, withoutMap(readFileSync(file, "utf8")));
    }
  }
  return filesIn(folder).map((path) => {
    const bytes = readFileSync(path);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    return { name, version, licence, file: relative(shelf, path), bytes: bytes.length, sha256 };
  });
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

// The lock file names versions and sums; whence a file came, and who wants money, is left out.
function cleanLock() {
  const file = join(ROOT, "package-lock.json");
  const lock = JSON.parse(readFileSync(file, "utf8"));
  for (const entry of Object.values(lock.packages)) {
    delete entry.funding;
    delete entry.resolved;
  }
  writeFileSync(file, JSON.stringify(lock, null, 2) + "\n");
}

function style(name) {
  const options = { loadPaths: [MODULES], quietDeps: true, style: "compressed", charset: false };
  return compile(join(WEB, "styles", name), options).css + "\n";
}

cleanLock();
for (const [shelf, wanted] of [[VENDOR, TAKEN], [FONTS, TAKEN_FONTS]]) {
  rmSync(shelf, { recursive: true, force: true });
  const manifest = Object.entries(wanted).flatMap(([name, taken]) => copied(shelf, name, taken));
  writeFileSync(join(shelf, "MANIFEST.json"), JSON.stringify(manifest, null, 1) + "\n");
}

writeFileSync(INTERNAL_STYLE, style("reunion.scss"));
// The public site has no storage that compresses its one file.
const publicStyle = style("public.scss");
writeFileSync(PUBLIC_STYLE, publicStyle);
writeFileSync(PUBLIC_STYLE + ".br", brotliCompressSync(publicStyle));
writeFileSync(PUBLIC_STYLE + ".gz", gzipSync(publicStyle, { level: 9 }));
