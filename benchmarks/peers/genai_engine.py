"""onnxruntime-genai over the graph of its own builder."""

import json
from pathlib import Path

import onnxruntime_genai as genai
from measuring import contexts, finish, load, measure_language, request

asked = request()


class Engine:
    def open(self) -> None:
        config = genai.Config(asked["model"])
        options = {"intra_op_num_threads": asked["threads"]}
        config.overlay(json.dumps({"model": {"decoder": {"session_options": options}}}))
        self.model = genai.Model(config)

    def read(self, tokens: list[int]) -> None:
        self.generator = None
        parameters = genai.GeneratorParams(self.model)
        longest = max(contexts(asked)) + asked["tokens"] + 8
        parameters.set_search_options(max_length=longest, min_length=longest, do_sample=False)
        self.generator = genai.Generator(self.model, parameters)
        self.generator.append_tokens([tokens])
        self.generator.generate_next_token()

    def step(self) -> None:
        self.generator.generate_next_token()


if not (Path(asked["model"]) / "genai_config.json").exists():
    raise FileNotFoundError(f"{asked['model']} has no genai_config.json")
engine = Engine()
load(engine.open)
measure_language(asked, engine.read, engine.step)
finish()
