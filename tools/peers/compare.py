"""Runs the peers and `tributary link` on the same folder, one after the other, and prints the table.

    python3 tools/peers/compare.py --folder DIR [--only splink,tributary] [--runs 1]

The virtual environment with the pinned peers is made under target/peers when it is not there."""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
import venv
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SYSTEMS = ["splink", "splink+guard", "recordlinkage", "dedupe", "tributary", "tributary calibrated"]


def python(folder):
    """The interpreter of the virtual environment, which is made when it is not there."""
    interpreter = folder / "bin/python"
    if not interpreter.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([interpreter, "-m", "pip", "install", "-q", "-r", HERE / "requirements.txt"], check=True)
    return str(interpreter)


def command(system, options, out):
    folder = options.folder
    if system.startswith("tributary"):
        files = [f"--{name}={existing(folder, name)}" for name in ("contacts", "transactions")]
        learn = ["--calibrate"] if system.endswith("calibrated") else []
        return [options.binary, "link", *files, f"--decisions={out}", "--threads=2", f"--country={options.country}", "--json", *learn]
    name, _, guard = system.partition("+")
    return [python(options.venv), str(HERE / f"run_{name}.py"), folder, out] + (["--guard"] if guard else [])


def existing(folder, name):
    packed = Path(folder) / f"{name}.jsonl.gz"
    return packed if packed.exists() else packed.with_suffix("")


def measured(words):
    """Wall seconds, CPU seconds and peak memory in MB of a process and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    # wait4 gives the peak of this child alone; RUSAGE_CHILDREN the greatest of all so far.
    child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, "OMP_NUM_THREADS": "2"})
    told = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    wall = time.monotonic() - start
    if status:
        sys.exit(f"{words[0]}: {told.decode(errors='replace')[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, used.ru_maxrss / 1024


def scored(options, out):
    truth, contacts = (existing(options.folder, name) for name in ("truth", "contacts"))
    words = [sys.executable, options.scorer, "--truth", truth, "--decisions", out, "--contacts", contacts, "--sweep", "--json"]
    return json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


def row(system, options):
    out = str(Path(options.out) / f"{system.replace(' ', '-')}.jsonl")
    runs = [measured(command(system, options, out)) for _ in range(options.runs)]
    wall, cpu, memory = (statistics.median(column) for column in zip(*runs))
    result = scored(options, out)
    half = result["test_half"]
    at = result.get("at_train_precision_0.99") or {}
    recall = f"{at['recall']:.3f} ({at['precision']:.3f})" if at.get("recall") is not None else "–"
    cells = [f"{half[name]:.3f}" for name in ("precision", "recall", "f1")]
    household = half.get("household", {}).get("f1")
    cells += [recall, "–" if household is None else f"{household:.3f}"]
    return [system, *cells, f"{wall:.1f}", f"{cpu:.1f}", f"{memory:,.0f}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", required=True, help="a folder with contacts, transactions and truth")
    parser.add_argument("--scorer", default=str(ROOT / "../shared/matching/score.py"))
    parser.add_argument("--binary", default=str(ROOT / "target/release/tributary"))
    parser.add_argument("--venv", type=Path, default=ROOT / "target/peers")
    parser.add_argument("--out", default="/tmp")
    parser.add_argument("--country", default="US")
    parser.add_argument("--only", default=",".join(SYSTEMS))
    parser.add_argument("--runs", type=int, default=1)
    options = parser.parse_args()
    print("| system | P | R | F1 | R at P 99% | household F1 | wall s | CPU s | peak MB |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |", flush=True)
    for system in options.only.split(","):
        print(f"| {' | '.join(row(system, options))} |", flush=True)


if __name__ == "__main__":
    main()
