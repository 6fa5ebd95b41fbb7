# Two commands for everybody: `make chat` and `make test`. `make help` lists the rest.

SWIFT ?= swift
# Parts that are left out unless they are asked for, as in MOSO_TRAITS=MPI.
MOSO_TRAITS ?=
export MOSO_TRAITS
TRAITS = $(if $(MOSO_TRAITS),--traits $(MOSO_TRAITS))
BUILD = $(SWIFT) build -c release $(TRAITS)
BINARY = $$($(BUILD) --show-bin-path)/moso

.PHONY: help packages chat build test unit neon lint readme examples reference fuzz check-tokenizers check-server \
  clients page soak check-bits check-ranks check-training check-trained check-openapi bench-peers bench-quality bench-tokenizers bench-server bench-training clean

help:
	@echo "make chat              build moso, fetch the default model (98 MB) and talk to it"
	@echo "make build             build moso"
	@echo "make test              all of the next five"
	@echo "make neon              compile the kernels for 64-bit Arm"
	@echo "make lint              check the format of the sources"
	@echo "make readme            check that the commands exist which the documents show"
	@echo "make examples          compile and run the code that the documents show"
	@echo "make unit              build and run the unit tests"
	@echo "make reference         build the reference of the libraries' public symbols as web pages"
	@echo "make fuzz              damage 1,400,000 files and requests, 400,000 of them models and tokenizers, and read them (minutes)"
	@echo "make check-tokenizers  compare the tokenizers with Hugging Face's and SentencePiece on 5 MB of text (minutes)"
	@echo "make check-server      test moso serve in a debug build: quick clients, page, documents, description, bits (20 minutes)"
	@echo "make clients           test moso serve with the clients that people run: anthropic, openai, litellm and others (minutes)"
	@echo "make page              drive the web page in a headless browser (minutes)"
	@echo "make soak              let clients of every kind use the server for 20 minutes (MINUTES=N for another time)"
	@echo "make check-bits        check that the server's answers do not depend on who else is there (minutes)"
	@echo "make check-ranks       check that 1, 2 and 4 processes train the same bytes (minutes; at first builds moso with MPI)"
	@echo "make check-openapi     try the server with requests made from its own description (2 minutes, DEEP=1 for 30)"
	@echo "make check-trained     check that transformers and llama.cpp read the models that moso trains (minutes)"
	@echo "make check-training    check that a minute of training teaches, and that runs outlive being killed (minutes)"
	@echo "make bench-peers       measure moso against llama.cpp on the same files (half an hour; at first builds llama.cpp)"
	@echo "make bench-server      measure moso serve against llama.cpp's server (15 minutes; at first builds llama.cpp)"
	@echo "make bench-training    measure training steps against PyTorch's (15 minutes; at first installs PyTorch)"
	@echo "make bench-quality     measure how far quantised predictions are from exact ones, and llama.cpp's"
	@echo "make bench-tokenizers  measure the tokenizers against tiktoken and Hugging Face's, and how fast corpora are cut"
	@echo "make packages          install the system's packages that are missing; other targets do it by themselves"
	@echo "make clean             delete what was built"

packages:
	@Scripts/install_packages.sh

chat: build
	@"$(BINARY)" pull smollm2 >/dev/null
	@exec "$(BINARY)" chat smollm2

build: packages
	$(BUILD) --product moso

# Tests run in a debug build: it checks arithmetic and exclusivity too, and its kernels are optimised all the same. They
# run one after another: several wait for processes and terminals, which must not have to wait for each other. The unit
# tests come last, so that the last line is the one in which `swift test` sums up.
test: neon lint readme examples
	@$(MAKE) --no-print-directory unit

unit: packages
	$(SWIFT) build $(TRAITS) --build-tests
	$(SWIFT) test $(TRAITS) --skip-build --disable-xctest --no-parallel

neon:
	@Scripts/check_neon.sh

lint:
	$(SWIFT) format lint --strict -r Sources Tests Benchmarks Examples Package.swift

readme: packages
	@Scripts/check_readme.sh

examples: packages
	@Scripts/check_examples.sh

reference: packages
	@Scripts/build_reference.sh

# The kinds of models and tokenizers are gguf, safetensors, tokenizer and model.
fuzz: packages
	$(BUILD) --product MosoFuzz
	for kind in gguf safetensors tokenizer model folder template json messages openai schema parquet lines gzip zstandard; do \
	  "$$($(BUILD) --show-bin-path)/MosoFuzz" --kind $$kind --count 100000 --seed 1 || exit 1; done

check-tokenizers: packages
	@Scripts/check_tokenizers.sh

# With every change, and so in the build that the tests have.
check-server: packages
	$(SWIFT) build $(TRAITS) --build-tests
	@Scripts/check_server.sh "$$($(SWIFT) build $(TRAITS) --show-bin-path)/moso"

# In a folder of its own, so that it does not undo other builds; with MOSO_TRAITS=MPI the tests' build will do.
check-ranks:
	@MOSO_TRAITS=MPI Scripts/install_packages.sh
	$(SWIFT) build $(RANKS) --product moso
	@Scripts/check_ranks.sh "$$($(SWIFT) build $(RANKS) --show-bin-path)/moso"
RANKS = $(if $(MOSO_TRAITS),$(TRAITS),-c release --traits MPI --scratch-path .build-mpi)

MINUTES ?= 20

soak: build
	@"$(BINARY)" pull smollm2 >/dev/null
	@python3 Tests/Server/soak.py --moso "$(BINARY)" --minutes $(MINUTES)

check-bits: build
	@"$(BINARY)" pull smollm2 >/dev/null
	@python3 Tests/Server/same_bits.py --moso "$(BINARY)"

check-openapi: build
	@"$(BINARY)" pull smollm2 >/dev/null
	@Scripts/check_schemathesis.sh "$(BINARY)" $(if $(DEEP),--deep)

# Reads with llama.cpp too where `make bench-server` has built its server.
check-trained: build
	@Scripts/check_trained_model.sh "$(BINARY)"

# In the build that the tests have.
check-training: packages
	$(SWIFT) build $(TRAITS) --product moso
	@Scripts/check_training.sh "$$($(SWIFT) build $(TRAITS) --show-bin-path)/moso"

# Scripts/check_clients.sh takes the names of clients too.
clients: build
	@Scripts/check_clients.sh --moso "$(BINARY)"

page: build
	@Scripts/with_server.sh "$(BINARY)" Scripts/check_page.sh

bench-peers: packages
	@Benchmarks/peers/run.sh

bench-server: packages
	@Benchmarks/server/run.sh

bench-training: packages
	@Benchmarks/training/run.sh

bench-quality: packages
	@Benchmarks/quality/run.sh

bench-tokenizers: packages
	@Benchmarks/tokenizers/run.sh

clean:
	rm -rf .build .build-mpi .build-llama-server .venv-*
