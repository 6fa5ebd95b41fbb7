# Two commands for everybody: `make chat` and `make test`. `make help` lists the rest.

SWIFT ?= swift
BUILD = $(SWIFT) build -c release
BINARY = $$($(BUILD) --show-bin-path)/moso

.PHONY: help chat build test unit neon lint readme examples fuzz bench-peers bench-quality clean

help:
	@echo "make chat           build moso, fetch the default model (98 MB) and talk to it"
	@echo "make test           build and run every test"
	@echo "make lint           check the format of the sources"
	@echo "make examples       compile and run the code that the documents show"
	@echo "make fuzz           mutate 200,000 model files and read them (minutes)"
	@echo "make bench-peers    measure moso against llama.cpp on the same files (builds llama.cpp; an hour at first)"
	@echo "make bench-quality  measure how far quantised predictions are from exact ones, and llama.cpp's"
	@echo "make clean          delete what was built"

chat: build
	@"$(BINARY)" pull smollm2 >/dev/null
	@exec "$(BINARY)" chat smollm2

build:
	@Scripts/install_packages.sh
	$(BUILD) --product moso

# Tests run in a debug build: it checks arithmetic and exclusivity too, and its kernels are optimised all the same. They
# run one after another: several wait for processes and terminals, which must not have to wait for each other.
test: neon unit readme examples

unit:
	@Scripts/install_packages.sh
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --disable-xctest --no-parallel

neon:
	@Scripts/check_neon.sh

lint:
	$(SWIFT) format lint --strict -r Sources Tests Benchmarks Examples Package.swift

readme:
	@Scripts/check_readme.sh

examples:
	@Scripts/check_examples.sh

fuzz:
	$(BUILD) --product MosoFuzz
	for kind in gguf safetensors tokenizer json; do \
	  "$$($(BUILD) --show-bin-path)/MosoFuzz" --kind $$kind --count 50000 --seed 1 || exit 1; done

bench-peers:
	@Benchmarks/peers/run.sh

bench-quality:
	@Benchmarks/quality/run.sh

clean:
	rm -rf .build .venv-*
