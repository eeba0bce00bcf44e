# Needs Python 3.11 or newer and make, nothing else: `make demo`, `make test`.
# Another Python: make test PYTHON=/path/to/python3.12

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
DEMO ?= demo
BIN := .venv/bin
READY := .venv/ready

.PHONY: demo test constraints clean

demo: $(READY)  ## one whole round in the folder demo/
	$(BIN)/khreport demo $(DEMO)

test: $(READY)  ## everything that must hold; pytest's closing line comes last
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

$(READY): constraints.txt pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo 'Cần Python 3.11 trở lên. Hãy cài Python rồi chạy lại, hoặc: make PYTHON=<đường dẫn>'; \
	echo 'Python 3.11 or newer is needed. Install it and run again, or: make PYTHON=<path>'; \
	exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
	echo 'Python này thiếu venv. Trên Debian, Ubuntu: apt install python3-venv, rồi chạy lại.'; \
	echo 'This Python lacks venv. On Debian or Ubuntu: apt install python3-venv, then run again.'; \
	exit 1; }
	@echo 'Đang chuẩn bị môi trường, lần đầu mất một hai phút / setting up, a minute or two'
	@rm -rf .venv
	@"$(PYTHON)" -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r constraints.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

constraints:  ## pins and hashes anew, for every platform; needs uv
	printf 'hatchling>=1.27\neditables\n' | uv pip compile --quiet --upgrade --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	--custom-compile-command 'make constraints' --extra test -o constraints.txt pyproject.toml -

clean:  ## the environment and the caches; never a folder of work
	rm -rf .venv dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
