"""How fast pages come: with twenty people at work, and on a slow phone.

    python -m tools.site_figures load      home page, twenty people who wait one to three seconds
    python -m tools.site_figures budget    bytes and first paint of pages on a slow phone

Starts a demonstration of its own, with `reunion run` and its real server and database, and writes
build/figures/site_load.json or site_budget.json. A busy machine gives long times: measure on a
quiet one. All people are invented.
"""

from __future__ import annotations

import argparse
import http.cookiejar
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, sync_playwright

from tools.records import Record, write_records

ROOT = Path(__file__).resolve().parent.parent
COMMAND = "python -m tools.site_figures"
PEOPLE, SECONDS = 20, 120
WAIT = (1.0, 3.0)
SOON = 0.1
"""Goal of the home page in seconds."""

KILOBYTES, PAINT = 200, 1.0
"""Goals of a page on a slow phone: what is transferred, and seconds until the first paint."""

SLOW_PHONE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_638_400 / 8,
    "uploadThroughput": 675_000 / 8,
}
"""Milliseconds and bytes a second: the slow fourth generation that page audits use."""

SLOWER = 4
"""How many times slower than this machine the phone's processor is."""

_CODE = re.compile(r"account now: (\d{6})")
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Demonstration:
    """A running demonstration."""

    internal: str
    public: str
    sign_ins: list[dict[str, str]]


@contextmanager
def demonstration() -> Iterator[Demonstration]:
    """All four processes, in an empty home."""
    with tempfile.TemporaryDirectory(prefix="reunion-site-") as home:
        variables = {key: v for key, v in os.environ.items() if not key.startswith("REUNION_")}
        running = subprocess.Popen(
            [sys.executable, "-m", "reunion", "run"],
            cwd=ROOT, env=variables | {"REUNION_HOME": home, "REUNION_LANGUAGE": "en"},
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            addresses = []
            for line in running.stderr or ():
                addresses += re.findall(r"http://localhost:\d+/", line)
                if "Stop: Ctrl+C" in line:
                    break
            told = json.loads((Path(home) / "demo-logins.json").read_text(encoding="utf-8"))
            yield Demonstration(addresses[0], addresses[1], told["sign_ins"])
        finally:
            running.send_signal(signal.SIGINT)
            running.wait()


class Visitor:
    """Somebody who is signed in, as a program that keeps cookies."""

    def __init__(self, site: str, sign_in: dict[str, str]) -> None:
        self.site, self.name = site, sign_in["login"]
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)
        self._opener.addheaders = [("Accept-Language", "en")]
        page = self.get("sign-in/")
        page = self._send("sign-in/", page, login=self.name, password=sign_in["password"])
        while not (code := _CODE.search(page)):  # it was used a moment ago, or the page is another
            if "demo account" not in page:
                raise RuntimeError(f"{self.name} is asked for no code of an app")
            time.sleep(1)
            page = self.get("sign-in/factor/")
        page = self._send("sign-in/factor/", page, code=code[1])
        if "<h1>Today</h1>" not in page:
            page = self.get("")
        if "<h1>Today</h1>" not in page:
            raise RuntimeError(f"{self.name} could not sign in")

    def get(self, path: str) -> str:
        """A page, read to its end."""
        with self._opener.open(self.site + path) as answer:
            text: str = answer.read().decode()
        return text

    def _send(self, path: str, page: str, **fields: str) -> str:
        token = _TOKEN.search(page)
        data = urlencode(fields | {"csrfmiddlewaretoken": token[1] if token else ""}).encode()
        asked = urllib.request.Request(self.site + path, data, {"Origin": self.site[:-1]})  # noqa: S310 # loopback
        with self._opener.open(asked) as answer:
            text: str = answer.read().decode()
        return text


def visitors(site: Demonstration, count: int) -> list[Visitor]:
    """Somebody of each role that signs in with an app, in the order of the table."""
    found: list[Visitor] = []
    for sign_in in site.sign_ins:
        if len(found) < count:
            found.append(Visitor(site.internal, sign_in))
    return found


def load_records(people: int, seconds: int) -> Iterator[Record]:
    """The home page under people who look at it again and again."""
    with demonstration() as site:
        everybody = visitors(site, people)
        took: list[float] = []
        end = time.monotonic() + seconds

        def look(visitor: Visitor) -> None:
            rng = random.Random(visitor.name)  # noqa: S311 # pauses, not secrets
            while time.monotonic() < end:
                time.sleep(rng.uniform(*WAIT))
                start = time.perf_counter()
                visitor.get("")
                took.append(time.perf_counter() - start)

        threads = [threading.Thread(target=look, args=(one,)) for one in everybody]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    took.sort()
    what = f"home page, {len(everybody)} people who wait 1 to 3 s"
    yield Record(f"{what}: looks", len(took), "pages", None, None)
    yield Record(f"{what}: p50", took[len(took) // 2], "s", None, None)
    late = took[len(took) * 95 // 100]
    yield Record(f"{what}: p95", late, "s", f"< {SOON}", late < SOON)


INTERNAL = (
    "", "find/?q=police", "assignments/", "units/", "notices/", "approvals/", "me/sessions/",
    "factors/",
)  # fmt: skip


def budget_records() -> Iterator[Record]:
    """Each page in a browser whose cache is empty."""
    with demonstration() as site, sync_playwright() as playwright:
        from tests.settings import CHROMIUM

        words = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=words)
        signed_in = _signed_in(browser, site)
        for path in INTERNAL:
            yield from _page_records(browser, site.internal + path, "/" + path, signed_in)
        for path in _public_paths(browser, site.public):
            yield from _page_records(browser, site.public + path, "public /" + path, None)
        browser.close()


def _signed_in(browser: Browser, site: Demonstration) -> str:
    """The state of a browser in which the secretariat has signed in."""
    sign_in = next(one for one in site.sign_ins if one["login"] == "secretariat")
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(site.internal + "sign-in/")
    page.locator("input[name=login]").fill(sign_in["login"])
    page.locator("input[name=password]").fill(sign_in["password"])
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/sign-in/factor/")
    code = _CODE.search(page.content())
    page.locator("input[name=code]").fill(code[1] if code else "")
    page.locator("main form button[type=submit]").first.click()
    page.get_by_role("heading", name="Today").wait_for()
    state = json.dumps(context.storage_state())
    context.close()
    return state


def _public_paths(browser: Browser, site: str) -> list[str]:
    """The first page of the public, and the pages that it leads to."""
    page = browser.new_page(locale="en-GB")
    page.goto(site)
    links = page.eval_on_selector_all("main a[href]", "all => all.map(a => a.href)")
    page.close()
    inside = (link.removeprefix(site).split("#")[0] for link in links if link.startswith(site))
    return ["", *dict.fromkeys(path for path in inside if path)]


def _page_records(browser: Browser, address: str, name: str, state: str | None) -> Iterator[Record]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        locale="en-GB",
        storage_state=json.loads(state) if state else None,
    )
    page = context.new_page()
    received = _slowed(page)
    page.goto(address, wait_until="networkidle")
    painted = page.evaluate(
        "performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000"
    )
    size = received() / 1000
    context.close()
    yield Record(f"{name}: transferred", size, "kB", f"< {KILOBYTES}", size < KILOBYTES)
    yield Record(f"{name}: first paint", painted, "s", f"< {PAINT:g}", painted < PAINT)


def _slowed(page: Page) -> Callable[[], float]:
    """Make the browser a slow phone; gives how many bytes came over the wire."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send("Network.emulateNetworkConditions", SLOW_PHONE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    return lambda: sum(sizes)


def main() -> int:
    """Measure, and write the figures; status 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=("load", "budget"))
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--out", type=Path, help="[default: build/figures/site_PART.json]")
    chosen = parser.parse_args()
    found = list(
        load_records(chosen.people, chosen.seconds) if chosen.part == "load" else budget_records()
    )
    out = chosen.out or ROOT / "build" / "figures" / f"site_{chosen.part}.json"
    write_records(out, found, command=f"{COMMAND} {chosen.part}", libraries=("django",))
    for record in found:
        print(f"{record.what}: {record.value:.3g} {record.unit}")
    return 0 if all(record.met is not False for record in found) else 1


if __name__ == "__main__":
    sys.exit(main())
