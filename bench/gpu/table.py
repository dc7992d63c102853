"""Prints the budgets of a GPU beside what this machine needs: ours, mlx_whisper, torch, CTranslate2, drafts and the daemon.

In the folder where tools/gpu/run.sh has unpacked Hearth, with the wheels of the peers beside it:

    sh run.sh python3 hearth/bench/gpu/table.py

The programs run in turn, as often as --rounds says, and print their JSON at once. What is not there is left out and named.
"""

import argparse
import glob
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROGRAM = ROOT / "native" / "build" / "Release" / "hearth_gpu_bench"
# (measure, ours, theirs, peer, budget): a ratio of two times.
RATIOS = [
    ("encoder, one window", "encode_1_ms", "torch", 1.0),
    ("encoder, one window", "encode_1_ms", "mlx_whisper", None),
    ("encoder, 8 windows", "encode_8_ms", "torch", None),
    ("encoder, 8 windows", "encode_8_ms", "mlx_whisper", None),
    ("decoder, one row, per token", "step_1_ms", "mlx_whisper", 0.27),
    ("decoder, one row, per token", "step_1_ms", "torch", 1.2),
    ("decoder, one row, per token", "step_1_ms", "ctranslate2", None),
    ("decoder, 12 rows, per step", "step_12_ms", "mlx_whisper", None),
    ("decoder, 12 rows, per step", "step_12_ms", "torch", None),
    ("encoder and 40 tokens", "encode_and_40_tokens_ms", "ctranslate2", 0.33),
    ("encoder and 40 tokens", "encode_and_40_tokens_ms", "mlx_whisper", 0.30),
    ("encoder and 40 tokens", "encode_and_40_tokens_ms", "torch", None),
]
MEMORY = [
    ("memory, idle and warm", "idle_bytes", 0.75),
    ("memory, peak with one window", "one_window_peak_bytes", 1.2),
    ("memory, peak with 24 rows", "24_rows_peak_bytes", 2.5),
]


def main():
    arguments = read_arguments()
    if arguments.read:
        results = [json.loads(line) for line in Path(arguments.read).read_text().splitlines() if line.startswith('{"of"')]
    else:
        results = run_all(arguments)
    print("\n" + "\n".join(table(results)))


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", default="turbo", help="turbo or base; tiny, to try ours and torch's on a CPU")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", help="of hearth, torch, mlx_whisper, ctranslate2, drafts, daemon; separated by commas")
    parser.add_argument("--wheels", default=str(ROOT.parent), help="folder with the wheels of the peers")
    parser.add_argument("--limit", type=int, default=300, help="seconds that one program may take")
    parser.add_argument("--read", metavar="LOG", help="print the table of an earlier run's output")
    return parser.parse_args()


def run_all(arguments):
    with tempfile.TemporaryDirectory() as folder:
        programs = programs_of(arguments.shape, Path(folder), Path(arguments.wheels))
        wanted = arguments.only.split(",") if arguments.only else list(programs)
        results = []
        for round in range(arguments.rounds):
            for name in wanted:
                command, environment = programs[name]
                once = name in ("drafts", "daemon")
                if not (once and round > 0):
                    results += run(name, command, environment, arguments.limit)
        return results


def programs_of(shape, folder, wheels):
    flag = [] if shape == "turbo" else [f"--{shape}"]
    peers = peer_environment(folder, wheels)
    python = [sys.executable]
    node = ["node", "--disable-warning=ExperimentalWarning"]
    return {
        "hearth": ([PROGRAM, "time", "--measured", *flag], {}),
        "torch": ([*python, HERE / "torch_bench.py", shape], {}),
        "mlx_whisper": ([*python, HERE / "mlx_whisper_bench.py", shape], peers),
        "ctranslate2": ([*python, HERE / "ctranslate2_bench.py", shape], peers),
        "drafts": ([PROGRAM, "drafts", *(["--tiny"] if shape == "tiny" else [])], {}),
        "daemon": ([*node, HERE / "request-share.ts"], {}),
    }


def peer_environment(folder, wheels):
    """The peers' wheels, installed; MLX's Python code uses the library of the engine."""
    site = folder / "site"
    site.mkdir()
    found = sorted(str(wheel) for wheel in wheels.glob("*.whl"))
    if found:
        options = ["--quiet", "--no-index", "--no-deps", "--no-compile", "--target", str(site)]
        subprocess.run([sys.executable, "-m", "pip", "install", *options, *found], check=False)
    for mlx in glob.glob(str(ROOT / "native" / "deps" / "mlx-*")):
        for part in ("mlx/lib", "mlx/include", "mlx_cuda_13.libs", "nvidia"):
            place = site / part
            if (site / "mlx").exists() and not place.exists() and (Path(mlx) / part).exists():
                place.symlink_to(Path(mlx, part).resolve())
        cublas = glob.glob(f"{mlx}/nvidia/*/lib/libcublas.so.13")
        if cublas:
            # CTranslate2 asks for the library of CUDA 12. What it calls is the same in that of CUDA 13.
            (folder / "libcublas.so.12").symlink_to(Path(cublas[0]).resolve())
            os.environ["LD_LIBRARY_PATH"] = os.pathsep.join(
                [str(folder), str(Path(cublas[0]).parent), os.environ.get("LD_LIBRARY_PATH", "")]
            ).rstrip(os.pathsep)
    return {"PYTHONPATH": os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)}


def run(name, command, environment, limit):
    if not Path(command[0]).exists() and command[0] != "node":
        return say(name, {"error": f"no {command[0]}"})
    try:
        done = subprocess.run(
            [str(part) for part in command], env={**os.environ, **environment}, capture_output=True, text=True, timeout=limit
        )
    except subprocess.TimeoutExpired:
        return say(name, {"error": f"took more than {limit} s"})
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0 or not lines:
        return say(name, {"error": (done.stderr.strip().splitlines() or ["ended without figures"])[-1]})
    return say(name, json.loads(lines[-1]))


def say(name, figures):
    result = {"of": name, **figures}
    print(json.dumps(result), flush=True)
    return [result]


def table(results):
    def values(name, field):
        return [each[field] for each in results if each["of"] == name and field in each]

    rows = ["| | Hearth | other | ratio | budget |", "|---|---|---|---|---|"]
    for measure, field, peer, budget in RATIOS:
        ours, theirs = values("hearth", field), values(peer, field)
        if ours and theirs:
            ratio = statistics.median(ours) / statistics.median(theirs)
            other = f"{peer} {milliseconds(theirs)}"
            rows.append(row(measure, milliseconds(ours), other, f"{ratio:.2f}", verdict(ratio, budget)))
    for gain in filter(None, [values("hearth", "against_one_row_12")]):
        speed = statistics.median(gain)
        rows.append(row("12 rows against one", listed(gain, ".1f"), "", f"{speed:.1f}", verdict(-speed, -8)))
    joining, steps = values("hearth", "joining_ms"), values("hearth", "step_12_ms")
    if joining and steps:
        ratio = statistics.median(joining) / statistics.median(steps)
        rows.append(row("a row that joins 11", milliseconds(joining), f"a step {milliseconds(steps)}", f"{ratio:.1f}", verdict(ratio, 2)))
    peaks = [f"{peer} {max(found) / 1e9:.2f} GB" for peer in ("mlx_whisper", "torch") if (found := values(peer, "peak_bytes"))]
    for measure, field, budget in MEMORY:
        if used := values("hearth", field):
            gigabytes = statistics.median(used) / 1e9
            rows.append(row(measure, f"{gigabytes:.2f} GB", ", ".join(peaks), "", verdict(gigabytes, budget)))
    rows += [line for each in results if each["of"] == "daemon" and "recordings" in each for line in request_rows(each)]
    rows += [line for each in results if each["of"] == "drafts" and "acceptance" in each for line in draft_rows(each)]
    rows += [row(f"{each['of']}: {each['error']}", "", "", "", "") for each in results if "error" in each]
    return rows


def request_rows(daemon):
    for name, each in daemon["recordings"].items():
        share = each["not_on_device"]
        budget = verdict(share, 0.25) if each["seconds_of_sound"] > 60 else ""
        yield row(f"daemon, base, {name}: share without the device", f"{share:.0%} of {each['ms']:.0f} ms", "", "", budget)


def draft_rows(drafts):
    for share, each in drafts["acceptance"].items():
        measure = f"large-v3 with turbo's guesses, {float(share):.0%} right, per token"
        alone = f"alone {each['alone_ms_per_token']:.2f} ms"
        for text in ("first", "next", "later"):
            taken = f"{each[text]['ms_per_token']:.2f} ms"
            yield row(f"{measure}, {text} text", taken, alone, f"{each[text]['against_alone']:.2f}", "")


def milliseconds(values):
    return f"{listed(values, '.2f')} ms"


def listed(values, form):
    return ", ".join(f"{value:{form}}" for value in values)


def verdict(value, budget):
    if budget is None:
        return ""
    return f"{abs(budget)}, {'met' if value <= budget else 'MISSED'}"


def row(*cells):
    return f"| {' | '.join(cells)} |"


main()
