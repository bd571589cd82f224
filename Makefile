# The two commands that everyone needs: `make demo` and `make test`.
PYTHON ?= python3
DEMO := .venv-demo/bin
TEST := .venv/bin

.PHONY: demo test check clean weights

demo: .venv-demo/ready
	$(DEMO)/mammoscope demo -o out/demo

test: .venv/ready
	PATH="$(CURDIR)/$(TEST):$$PATH" scripts/check

.venv-demo/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv-demo
	$(DEMO)/pip install --quiet -c constraints.txt -e '.[demo]'
	touch $@

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(TEST)/pip install --quiet -c constraints.txt -e '.[dev]'
	touch $@

# Weights from the data folder, and their figures: hours on two cores.
DATA ?= ../shared/data
weights: .venv/ready
	$(TEST)/python scripts/train_segmentation.py $(DATA) scratch
	$(TEST)/python scripts/measure_segmentation.py scratch/weights scratch/masks
	$(TEST)/python scripts/train_positioning.py $(DATA) scratch/positioning
	$(TEST)/python scripts/measure_positioning.py $(DATA) scratch/positioning
	$(TEST)/python scripts/train_registration.py $(DATA) scratch/registration
	$(TEST)/python scripts/measure_registration.py $(DATA) scratch/registration
	$(TEST)/python scripts/findings_examples.py $(DATA) scratch/findings.npz
	$(TEST)/python scripts/train_findings.py scratch/findings.npz scratch/findings
	$(TEST)/python scripts/measure_findings.py $(DATA) scratch/findings scratch/registration

clean:
	rm -rf .venv .venv-demo out build dist *.egg-info
