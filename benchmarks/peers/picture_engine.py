"""One picture through PyTorch or OpenVINO."""

import torch
from aimv2 import SIDE, VisualTokenizer
from measuring import finish, request, say, timed

asked = request()
torch.set_num_threads(asked["threads"])
pixels = torch.rand(1, 3, SIDE, SIDE)


class Engine:
    def open(self) -> None:
        torch.manual_seed(0)
        module = VisualTokenizer().eval()
        self.run = self.on_openvino(module) if asked["engine"] == "openvino" else self.on_torch(module)

    def on_torch(self, module: VisualTokenizer):
        dtype = {"f32": torch.float32, "bf16": torch.bfloat16}[asked["dtype"]]
        module, image = module.to(dtype), pixels.to(dtype)

        def run() -> None:
            with torch.inference_mode():
                module(image)

        return run

    def on_openvino(self, module: VisualTokenizer):
        import openvino

        converted = openvino.convert_model(module, example_input=pixels)
        options = {"INFERENCE_NUM_THREADS": asked["threads"], "PERFORMANCE_HINT": "LATENCY"}
        if asked["dtype"] == "f32":
            options["INFERENCE_PRECISION_HINT"] = "f32"
        compiled = openvino.compile_model(converted, "CPU", options)
        image = pixels.numpy()
        return lambda: compiled(image)


engine = Engine()
engine.open()
engine.run()
say("picture", ms=[timed(engine.run) for _ in range(3)])
finish()
