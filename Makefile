# Every target is one script in Scripts/, so that each can be read and run by itself.
.DEFAULT_GOAL := help
.PHONY: help setup build demo test test-report test-mpi site lint fuzz kill sanitize compare faults bench-large \
  bench-memory score-models model-cards score-heads score-related reproduce uncertainty compare-lpips compare-accuracy compare-training \
  descriptions package package-test python-test documentation study cluster-test container-test pipes
peers := compare-encoders compare-decoder compare-volume compare-default compare-brain
.PHONY: $(peers)

help:     ## list the targets
	@sed -n 's/^\([a-z-]*\): *\(.*\)## /  make \1\t/p' Makefile | expand -t 26

setup:    ## install the system libraries that are missing (apt, with sudo when not root)
	@Scripts/setup.sh

build:    ## build the arssr command (release)
	@Scripts/setup.sh
	@Scripts/build.sh

demo:     ## upsample the sample volume; print time and scores, write demo-output/demo.png
	@Scripts/setup.sh
	@Scripts/demo.sh

test:     ## build, check the product from outside, run all tests
	@Scripts/setup.sh --tests
	@Scripts/test.sh

test-report: ## open the HTML reports in a headless browser, use every control; screenshots in .build/report
	@Scripts/setup.sh --tests --browser
	@Scripts/build.sh
	@Scripts/report.sh .build/release/arssr

test-mpi: ## build with Open MPI, train in two processes, kill one of them
	@Scripts/setup.sh --tests --mpi
	@Scripts/build.sh --product arssr --traits MPI --scratch-path .build/mpi
	@"$$(Scripts/venv.sh)" Scripts/mpi-test.py --arssr .build/mpi/release/arssr

site:     ## make the documentation into a static site in .build/site
	@Scripts/site.sh

descriptions: ## write manual pages, completions, Boutiques, Nipype and container recipes from the command
	@Scripts/setup.sh
	@Scripts/build.sh
	@python3 -B Packaging/generate --arssr .build/release/arssr

package:  ## make the Debian package in .build/packages
	@Scripts/setup.sh --packages
	@Scripts/package.sh

package-test: ## check the package: twice the same bytes, lintian, a bare Debian (root); writes Documentation/Results/packages.md
	@Scripts/setup.sh --packages
	@Scripts/build.sh
	@Scripts/package-test.sh

container-test: ## build the recipe of the container, upsample in it (root, after package-test)
	@Scripts/setup.sh --container
	@Scripts/container-test.sh

python-test: ## make the Python wheel, install it in an empty environment, run its tests beside the command
	@Scripts/setup.sh --tests
	@Scripts/build.sh
	@Scripts/python-test.sh .build/release/arssr $(OPTIONS)

documentation: ## make the pages of the Swift library with DocC in .build/documentation
	@Scripts/setup.sh
	@Scripts/build.sh
	@Scripts/documentation.sh

lint:     ## check the format of all Swift sources
	@Scripts/lint.sh

fuzz:     ## fuzz every reader (FUZZ_SECONDS=600 each)
	@Scripts/setup.sh
	@Scripts/fuzz.sh

kill:     ## kill upsample, degrade and train at random moments; no partial file may appear, training ends in the same bytes
	@Scripts/setup.sh --tests
	@Scripts/build.sh
	@Scripts/kill-test.py --arssr .build/release/arssr
	@Scripts/kill-training.py --arssr .build/release/arssr

study:    ## kill a run over 24 volumes again and again (DATA=folder); writes Documentation/Results/study.md
	@Scripts/setup.sh --tests
	@Scripts/build.sh
	@"$$(Scripts/venv.sh)" Scripts/study.py --arssr .build/release/arssr --data $(DATA) \
	  --report Documentation/Results/study.md $(OPTIONS)

cluster-test: ## an array job of a real Slurm, requeued and cancelled in the middle, and Snakemake (as root)
	@Scripts/setup.sh --tests --cluster
	@Scripts/build.sh
	@Scripts/cluster-test.py --arssr .build/release/arssr --snakemake \
	  "$$(dirname "$$(Scripts/venv.sh Tests/requirements-cluster.txt .venv-cluster)")/snakemake"

pipes:    ## arssr in pipes and beside MRtrix3 and ANTs
	@Scripts/setup.sh --tests --pipes
	@Scripts/build.sh
	@"$$(Scripts/venv.sh Tests/requirements-pipes.txt .venv-pipes)" Scripts/pipes.py \
	  --arssr .build/release/arssr

sanitize: ## run the tests under AddressSanitizer
	@Scripts/setup.sh --tests
	@Scripts/build.sh
	@Scripts/sanitize.sh

reproduce: ## the publication's tables over scales (VOLUMES=folder, or files); goes on where it was stopped
	@Scripts/setup.sh
	@Scripts/build.sh
	@Benchmarks/reproduce/reproduce.py --arssr .build/release/arssr --volumes $(VOLUMES) $(OPTIONS)

uncertainty: ## fit --uncertainty to held-out volumes (VALIDATE=folder TEST=folder); writes Documentation/Results/uncertainty.md
	@Scripts/setup.sh --tests
	@Scripts/build.sh
	@"$$(Scripts/venv.sh)" Scripts/uncertainty-figures.py --arssr .build/release/arssr --validate $(VALIDATE) \
	  --test $(TEST) $(OPTIONS)

faults:   ## run every case of Tests/Faults, files and environment
	@Scripts/setup.sh --tests
	@Scripts/build.sh
	@Scripts/faults.sh .build/release/arssr

compare:  ## measure arssr beside PyTorch; writes Documentation/Results/compare.md
	@Scripts/setup.sh --tests
	@Scripts/build.sh
	@Benchmarks/compare/compare.sh

bench-large: ## check large volumes, time per voxel and start-up against what is asked (OPTIONS="rdn")
	@Scripts/setup.sh
	@Scripts/build.sh
	@Benchmarks/large/large.sh $(OPTIONS)

bench-memory: ## measure peak memory beside its prediction; writes Documentation/Results/memory.md
	@Scripts/setup.sh
	@Scripts/build.sh
	@Benchmarks/large/memory.sh $(OPTIONS)

score-models: ## score the models on held-out volumes; writes Documentation/Results/models.md (VOLUMES="a.nii.gz ...")
	@Scripts/setup.sh --tests
	@Scripts/build.sh
	@Benchmarks/scores/score-models.sh $(OPTIONS) --volumes $(VOLUMES)

model-cards: ## put those scores into the cards of Models/README.md (VOLUMES="a.nii.gz ...")
	@Scripts/setup.sh --tests
	@Scripts/build.sh
	@"$$(Scripts/venv.sh)" Benchmarks/scores/card_scores.py --models Models/brain-*.safetensors --volumes $(VOLUMES)

score-heads: ## score and draw the default model on other heads; writes Documentation/Results/heads.md (MASKED=a.nii.gz HEADS="b.nii.gz ...")
	@Scripts/setup.sh --tests
	@Scripts/build.sh
	@"$$(Scripts/venv.sh)" Benchmarks/scores/other_heads.py --output Documentation/Results/heads.md \
	  --models Models/brain-t1w.safetensors Models/brain-t1w-lite.safetensors --masked $(MASKED) --heads $(HEADS) \
	  --about Benchmarks/scores/other_heads.md \
	  --credit T2w 'The volume: copyright 2022 Chris Rorden, [BSD-2-Clause](heads/LICENSE-T2w.txt).' $(OPTIONS)

compare-accuracy: ## errors of Winograd's algorithm, the direct path and PyTorch against float64
	@Scripts/setup.sh --tests
	@Scripts/build.sh
	@PYTHONPATH=Benchmarks/compare:Scripts "$$(Benchmarks/compare/venv.sh)" -m peers.accuracy \
	  --arssr .build/release/arssr

compare-training: ## measure steps of training beside PyTorch; writes Documentation/Results/train-speed.md
	@Scripts/setup.sh --tests
	@Benchmarks/compare/training.sh $(OPTIONS)

compare-lpips: ## measure LPIPS of a whole pair of volumes beside PyTorch, AlexNet and VGG16
	@Scripts/setup.sh --tests
	@Scripts/build.sh
	@PYTHONPATH=Scripts "$$(Benchmarks/compare/venv.sh)" Benchmarks/compare/measure_lpips.py \
	  --arssr .build/release/arssr --slices 181 --peer-every 12 $(OPTIONS)

score-related: ## score related networks and filters on held-out volumes; writes Documentation/Results/related-scores.md
	@Scripts/setup.sh --tests
	@Scripts/build.sh
	@"$$(Scripts/venv.sh)" Benchmarks/scores/score_related.py --output Documentation/Results/related-scores.md \
	  $(OPTIONS) --models $(MODELS) --volumes $(VOLUMES)

# Beside PyTorch, ONNX Runtime and OpenVINO; OPTIONS="--threads 2 ..." as Benchmarks/README.md says.
compare-encoders: ## measure the published encoders beside other engines
compare-decoder:  ## measure the published decoder beside other engines
compare-volume:   ## measure RDN end to end beside other engines
compare-default:  ## measure the default model on a brain beside other engines
compare-brain:    ## measure RDN on a whole masked brain beside other engines
$(peers):
	@Scripts/setup.sh --tests
	@Scripts/build.sh
	@Benchmarks/compare/peers.sh $(@:compare-%=%) $(OPTIONS)
