"""llama.cpp, built on this machine for its processor, through llama-cpp-python's bare bindings."""

import ctypes

import llama_cpp as llama
from measuring import contexts, finish, load, measure_language, request

asked = request()
CHUNK = 512


class Engine:
    def open(self) -> None:
        llama.llama_backend_init()
        llama.llama_log_set(SILENT, ctypes.c_void_p(0))
        self.model = llama.llama_model_load_from_file(asked["model"].encode(), llama.llama_model_default_params())
        settings = llama.llama_context_default_params()
        settings.n_ctx = max(contexts(asked)) + asked["tokens"] + 8
        settings.n_batch = settings.n_ubatch = CHUNK
        settings.n_threads = settings.n_threads_batch = asked["threads"]
        self.context = llama.llama_init_from_model(self.model, settings)
        self.sampler = llama.llama_sampler_init_greedy()

    def read(self, tokens: list[int]) -> None:
        llama.llama_memory_clear(llama.llama_get_memory(self.context), True)
        for start in range(0, len(tokens), CHUNK):
            self.append(tokens[start : start + CHUNK])
        self.pick()

    def step(self) -> None:
        self.append([self.token])
        self.pick()

    def append(self, tokens: list[int]) -> None:
        array = (llama.llama_token * len(tokens))(*tokens)
        if llama.llama_decode(self.context, llama.llama_batch_get_one(array, len(tokens))) != 0:
            raise RuntimeError("llama_decode failed")

    def pick(self) -> None:
        self.token = llama.llama_sampler_sample(self.sampler, self.context, -1)


@llama.llama_log_callback
def SILENT(level, text, data) -> None:  # noqa: N802
    pass


engine = Engine()
load(engine.open)
measure_language(asked, engine.read, engine.step)
finish()
