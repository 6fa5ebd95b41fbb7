"""llama.cpp through its C interface, with nothing of Python between two calls of `llama_decode` but the loop itself."""

import contextlib
import ctypes
import pathlib

import llama_cpp

BATCH, MICRO_BATCH = 2048, 512


@llama_cpp.llama_log_callback
def _only_errors(level: int, text: bytes, _: ctypes.c_void_p) -> None:
    if level == 4:
        print(text.decode(errors="replace"), end="", flush=True)


llama_cpp.llama_log_set(_only_errors, ctypes.c_void_p())
llama_cpp.llama_backend_init()


def quantize(source: pathlib.Path, target: pathlib.Path, file_type: int, **options) -> None:
    """Rewrites a model in another element type, going through f32 where the source is quantised already."""
    parameters = llama_cpp.llama_model_quantize_default_params()
    parameters.ftype = file_type
    parameters.allow_requantize = True
    for name, value in options.items():
        setattr(parameters, name, value)
    if llama_cpp.llama_model_quantize(bytes(source), bytes(target), ctypes.byref(parameters)) != 0:
        raise SystemExit(f"llama.cpp could not quantise {source.name} to type {file_type}; its own message is above.")


class Engine:
    """A loaded model and one context of it."""

    def __init__(self, path: pathlib.Path, threads: int, context: int, flash_attention: bool):
        self.model = llama_cpp.llama_model_load_from_file(bytes(path), llama_cpp.llama_model_default_params())
        if not self.model:
            raise SystemExit(f"llama.cpp could not load {path}; its own message is above.")
        parameters = llama_cpp.llama_context_default_params()
        parameters.n_ctx = context
        parameters.n_batch, parameters.n_ubatch = BATCH, MICRO_BATCH
        parameters.n_threads = parameters.n_threads_batch = threads
        parameters.flash_attn_type = (
            llama_cpp.LLAMA_FLASH_ATTN_TYPE_ENABLED if flash_attention else llama_cpp.LLAMA_FLASH_ATTN_TYPE_DISABLED
        )
        parameters.no_perf = True
        self.context = llama_cpp.llama_init_from_model(self.model, parameters)
        if not self.context:
            raise SystemExit(f"llama.cpp could not make a context of {context} tokens for {path.name}.")
        self.memory = llama_cpp.llama_get_memory(self.context)
        self.vocabulary = llama_cpp.llama_model_get_vocab(self.model)
        self.vocabulary_size = llama_cpp.llama_vocab_n_tokens(self.vocabulary)
        self.batch = llama_cpp.llama_batch_init(BATCH, 0, 1)

    def decode(self, tokens: list[int], position: int, every_logit: bool = False) -> None:
        """Runs tokens that follow the first `position` ones; logits are made for the last of them, or for all."""
        batch = self.batch
        for start in range(0, len(tokens), BATCH):
            part = tokens[start : start + BATCH]
            batch.n_tokens = len(part)
            for index, token in enumerate(part):
                batch.token[index] = token
                batch.pos[index] = position + start + index
                batch.n_seq_id[index] = 1
                batch.seq_id[index][0] = 0
                batch.logits[index] = every_logit or start + index == len(tokens) - 1
            if llama_cpp.llama_decode(self.context, batch) != 0:
                raise SystemExit(f"llama.cpp could not decode {len(part)} tokens at position {position + start}.")
        llama_cpp.llama_synchronize(self.context)

    def forget(self, position: int) -> None:
        """Drops everything from `position` on from the key-value cache."""
        llama_cpp.llama_memory_seq_rm(self.memory, 0, position, -1)

    def logits(self, count: int):
        """The logits of the last call's outputs, (count, vocabulary), as a view of llama.cpp's own memory."""
        import numpy

        pointer = llama_cpp.llama_get_logits(self.context)
        return numpy.ctypeslib.as_array(pointer, shape=(count, self.vocabulary_size))

    def tokenize(self, text: str) -> list[int]:
        """The ids of plain text: no control tokens are recognised and none are added."""
        encoded = text.encode()
        ids = (llama_cpp.llama_token * (len(encoded) + 8))()
        count = llama_cpp.llama_tokenize(self.vocabulary, encoded, len(encoded), ids, len(ids), False, False)
        return list(ids[:count])

    def close(self) -> None:
        llama_cpp.llama_batch_free(self.batch)
        llama_cpp.llama_free(self.context)
        llama_cpp.llama_model_free(self.model)


@contextlib.contextmanager
def engine(*arguments, **options):
    """An engine that is closed at the end of the block."""
    opened = Engine(*arguments, **options)
    try:
        yield opened
    finally:
        opened.close()
