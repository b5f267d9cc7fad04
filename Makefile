# The tests go out module by module, to one worker more than there are cores (tests/conftest.py).
# One line each; what they do is in tests/environment/ and in the program.
.PHONY: setup demo test check bench bench-peers docs lock

setup: ; @bash tests/environment/setup.sh
demo: setup ; @.venv/bin/hatnhan demo $(if $(PORT),--port $(PORT)) $(if $(DATA),--data $(DATA))
test: ; @bash tests/environment/setup.sh machine && .venv/bin/python -m pytest -n auto --no-loadscope-reorder $(ARGS)
check: setup ; @bash tests/environment/check.sh
bench: setup ; @.venv/bin/python -m tests.benchmarks.run $(ARGS)
bench-peers: setup ; @.venv/bin/python -m tests.benchmarks.peers $(ARGS)
docs: setup ; @.venv/bin/hatnhan docs $(ARGS)
lock: setup ; @bash tests/environment/lock.sh $(ARGS)
