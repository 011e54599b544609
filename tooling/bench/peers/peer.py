"""A peer of the benchmark: reads one JSON question a line, answers one JSON line each, ends with its input."""

import importlib
import json
import sys
import time
import traceback

import numpy as np


def set_up(question):
    module, name = question["target"].split(":")
    if "torch" in sys.modules or module == "training":
        import torch

        torch.set_num_threads(question["threads"])
    with np.load(question["arrays"]) as stored:
        arrays = {key: stored[key] for key in stored.files}
    return getattr(importlib.import_module(module), name)(question["options"], arrays)


def answer(question, subject):
    if question["op"] == "setup":
        subject = set_up(question)
        return subject, {"check": subject.check(), **getattr(subject, "results", {})}
    start = time.perf_counter()
    for _ in range(question["runs"]):
        subject.run()
    return subject, {"milliseconds": 1000 * (time.perf_counter() - start)}


def main():
    subject = None
    for line in sys.stdin:
        try:
            subject, reply = answer(json.loads(line), subject)
        except Exception:
            reply = {"error": traceback.format_exc()}
        print(json.dumps(reply), flush=True)


main()
