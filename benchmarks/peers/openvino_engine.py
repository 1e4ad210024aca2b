"""OpenVINO GenAI's own pipeline, whose perf metrics are the clock."""

import openvino_genai as genai
import numpy
import openvino
from measuring import contexts, finish, load, prompt, request, say

asked = request()


class Engine:
    def open(self) -> None:
        options = {"INFERENCE_NUM_THREADS": asked["threads"]}
        if asked["dtype"] == "f32":
            options["INFERENCE_PRECISION_HINT"] = "f32"
        self.pipeline = genai.LLMPipeline(asked["model"], "CPU", **options)

    def answer(self, tokens: list[int], new: int):
        ids = openvino.Tensor(numpy.array([tokens], numpy.int64))
        mask = openvino.Tensor(numpy.ones((1, len(tokens)), numpy.int64))
        config = genai.GenerationConfig(max_new_tokens=new, ignore_eos=True, do_sample=False, apply_chat_template=False)
        return self.pipeline.generate(genai.TokenizedInputs(ids, mask), config).perf_metrics.raw_metrics


engine = Engine()
load(engine.open)
engine.answer(prompt(32), 4)
for length in contexts(asked):
    times = engine.answer(prompt(length), asked["tokens"] + 2 if length in asked["decode"] else 1)
    if length in asked["prefill"]:
        say("prefill", context=length, ms=times.m_times_to_first_token[0] / 1000)
    if length in asked["decode"]:
        say("decode", context=length, ms=[ms / 1000 for ms in times.m_durations][-asked["tokens"] :])
finish()
