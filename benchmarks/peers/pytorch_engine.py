"""PyTorch as the official code uses it: transformers' Qwen2 with a dynamic cache."""

import torch
from measuring import finish, load, measure_language, request
from transformers import AutoModelForCausalLM, DynamicCache

asked = request()
torch.set_num_threads(asked["threads"])


class Engine:
    def open(self) -> None:
        dtype = {"f32": torch.float32, "bf16": torch.bfloat16}[asked["dtype"]]
        self.model = AutoModelForCausalLM.from_pretrained(asked["model"], dtype=dtype).eval()

    @torch.inference_mode()
    def read(self, tokens: list[int]) -> None:
        self.cache = DynamicCache()
        self.append(tokens)

    @torch.inference_mode()
    def step(self) -> None:
        self.append([self.token])

    def append(self, tokens: list[int]) -> None:
        output = self.model(torch.tensor([tokens]), past_key_values=self.cache, use_cache=True, logits_to_keep=1)
        self.token = int(output.logits[0, -1].argmax())


engine = Engine()
load(engine.open)
measure_language(asked, engine.read, engine.step)
finish()
