"""Runs a program with mocks in place of the engine: `python run.py PROGRAM CONFIG`, and prints what it registered."""

import json
import runpy
import sys

import pulumi

registered = []


class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        registered.append(args.typ)
        return f"{args.name}-id", args.inputs

    def call(self, args):
        return {}


async def run():
    runpy.run_path(program)


program, config = sys.argv[1:]
settings = {f"project:{key}": value for key, value in json.loads(config).items()}
pulumi.runtime.set_mocks(Mocks())
pulumi.runtime.set_all_config(settings, list(settings))
pulumi.runtime.test(run)()
print(json.dumps(registered))
