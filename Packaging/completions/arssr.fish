function __arssr_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __arssr_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __arssr_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __arssr_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __arssr_parse_tokens -S
    set -l unparsed_tokens (__arssr_tokens -pc)
    switch $unparsed_tokens[1]
    case 'arssr'
        __arssr_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'upsample'
            __arssr_parse_subcommand 2 's/scale=' 'spacing=' 'isotropic' 'size=' 'like=' 'm/model=' 'method=' 'normalisation=' 'psf=' 'tile=' 'volumes=' 'nan=' 'mask=' 'guide=' 'guide-resample' 'outside=' 'background=' 'datatype=' 'compression=' 'sidecar' 'no-sidecar' 'f/force' 'clip=' 'header-compat' 'n/dry-run' 'consistent' 'check-consistency' 'measured-psf=' 'self-ensemble' 'permutations' 'uncertainty=' 'report=' 't/threads=' 'pin' 'no-pin' 'max-memory=' 'isa=' 'exact' 'precision=' 'q/quiet' 'v/verbose' 'log-file=' 'format=' 'progress=' 'config=' 'version' 'h/help'
        case 'degrade'
            __arssr_parse_subcommand 2 's/scale=' 'spacing=' 'operator=' 'fwhm=' 'deconvolve' 'sigma=' 'crop' 'noise=' 'noise-kind=' 'seed=' 'volumes=' 'nan=' 'mask=' 'datatype=' 'compression=' 'sidecar' 'no-sidecar' 'f/force' 't/threads=' 'pin' 'no-pin' 'max-memory=' 'q/quiet' 'v/verbose' 'log-file=' 'format=' 'progress=' 'config=' 'version' 'h/help'
        case 'train'
            __arssr_parse_subcommand 0 'data=' 'validate=' 'validation-share=' 'suffixes=' 'mix-spacings' 'o/output=' 'preset=' 'steps=' 'epochs=' 'patience=' 'time-limit=' 'seed=' 'resume' 'init=' 'validate-every=' 'keep=' 'card=' 'n/dry-run' 'f/force' 'encoder=' 'width=' 'blocks=' 'feature-dim=' 'decoder-width=' 'decoder-depth=' 'condition=' 'batch=' 'patch=' 'samples=' 'scales=' 'learning-rate=' 'precision=' 't/threads=' 'pin' 'no-pin' 'max-memory=' 'isa=' 'q/quiet' 'v/verbose' 'log-file=' 'format=' 'progress=' 'config=' 'version' 'h/help'
        case 'evaluate'
            __arssr_parse_subcommand -r 1 'metrics=' 'mask=' 'range=' 'border=' 'ssim-window=' 'slices=' 'mask-background' 'per-slice' 'lpips=' 'lpips-weights=' 'labels=+' 'truth-labels=' 'seed=' 'resample' 'truth=' 'm/model=+' 'method=+' 's/scale=' 'spacing=' 'operator=' 'fwhm=' 'deconvolve' 'sigma=' 'crop' 'noise=' 'noise-kind=' 'psf=' 'o/output=' 'report=' 'f/force' 't/threads=' 'pin' 'no-pin' 'max-memory=' 'q/quiet' 'v/verbose' 'log-file=' 'format=' 'progress=' 'config=' 'version' 'h/help'
        case 'report'
            __arssr_parse_subcommand 1 'i/input=' 'truth=' 'measured-psf=' 'o/output=' 'f/force' 't/threads=' 'pin' 'no-pin' 'max-memory=' 'q/quiet' 'v/verbose' 'log-file=' 'format=' 'progress=' 'config=' 'version' 'h/help'
        case 'models'
            __arssr_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'list'
                __arssr_parse_subcommand 0 'all' 'q/quiet' 'v/verbose' 'log-file=' 'format=' 'progress=' 'config=' 'version' 'h/help'
            case 'info'
                __arssr_parse_subcommand 1 'tensors' 'q/quiet' 'v/verbose' 'log-file=' 'format=' 'progress=' 'config=' 'version' 'h/help'
            case 'convert'
                __arssr_parse_subcommand 2 'card=' 'set=+' 'name=' 'f/force' 'q/quiet' 'v/verbose' 'log-file=' 'format=' 'progress=' 'config=' 'version' 'h/help'
            case 'verify'
                __arssr_parse_subcommand 1 'golden=' 'q/quiet' 'v/verbose' 'log-file=' 'format=' 'progress=' 'config=' 'version' 'h/help'
            end
        case 'info'
            __arssr_parse_subcommand -r 1 'config-only' 'q/quiet' 'v/verbose' 'log-file=' 'format=' 'progress=' 'config=' 'version' 'h/help'
        case 'bench'
            __arssr_parse_subcommand -r 1 'm/model=' 'size=' 's/scale=' 'background=' 'repetitions=' 'min-seconds=' 'sweep=' 'calibrate' 'scaling' 'profile' 'save=' 'compare=' 'fail-below=' 'f/force' 't/threads=' 'pin' 'no-pin' 'max-memory=' 'isa=' 'exact' 'precision=' 'q/quiet' 'v/verbose' 'log-file=' 'format=' 'progress=' 'config=' 'version' 'h/help'
        case 'help'
            __arssr_parse_subcommand -r 1 'version'
        end
    end
end

function __arssr_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __arssr_parse_subcommand -S -a positional_count
    argparse -s r -- $argv
    set -l option_specs $argv[2..]
    set -l is_repeating_positional $_flag_r
    set -el _flag_r
    set -a commands $unparsed_tokens[1]
    set positional_index 0
    while true
        set -e unparsed_tokens[1]
        argparse -sn "$commands" $option_specs -- $unparsed_tokens 2> /dev/null
        set unparsed_tokens $argv
        set positional_index (math $positional_index + 1)
        for non_repeating_flag_or_option in $non_repeating_flags_or_options
            if set -ql "_flag_$(string replace -a - _ -- $non_repeating_flag_or_option)"
                set non_repeating_flags_or_options_absent 1
                break
            end
        end
        test (count $unparsed_tokens) -eq 0 -o \( -z "$is_repeating_positional" -a "$positional_index" -gt "$positional_count" \) && break
    end
end

function __arssr_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __arssr_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__arssr_tokens -p)
    if test -z "$(__arssr_tokens -t)"
        set -l index (count (__arssr_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'arssr' -f
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr" version' -l 'version' -d 'Show the version.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr" -eq 1' -fa 'upsample' -d 'Super-resolve a volume.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr" -eq 1' -fa 'degrade' -d 'Make a coarser volume by a stated operator.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr" -eq 1' -fa 'train' -d 'Train a model on volumes of your own.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr" -eq 1' -fa 'evaluate' -d 'Score results against a truth.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr" -eq 1' -fa 'report' -d 'Show a result, its input and its truth in one HTML file.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr" -eq 1' -fa 'models' -d 'List, describe, convert and verify models.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr" -eq 1' -fa 'info' -d 'Describe this machine, or volumes and models.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr" -eq 1' -fa 'bench' -d 'Measure this machine and the engine on it.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr upsample" -eq 1' -fa '(set -l exts \'nii\' \'nii.gz\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr upsample" -eq 2' -fa '(set -l exts \'nii\' \'nii.gz\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" s scale' -l 'scale' -s 's' -d 'Factor per axis, 1 or more. (default: 2)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" spacing' -l 'spacing' -d 'Spacing of the result, met exactly; its far edges move by at most half a voxel.' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" isotropic' -l 'isotropic' -d 'The finest input spacing on all axes.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" size' -l 'size' -d 'Voxels of the result.' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" like' -l 'like' -d 'The grid of this file; 0 outside the input.' -rfa '(set -l exts \'nii\' \'nii.gz\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" m model' -l 'model' -s 'm' -d 'Checkpoint by path or name. (default: brain-t1w)' -rfka '(__arssr_custom_completion ---completion upsample -- --model (count (__arssr_tokens -pc)) (__arssr_tokens -tC))'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" method' -l 'method' -d 'model, nearest, linear, cubic, lanczos3. (default: model)' -rfka 'model nearest linear cubic lanczos3'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" normalisation' -l 'normalisation' -d 'Intensity map before the network, undone after it: card, max, minmax, percentile:lo,hi, scale:v or none. (default: card)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" psf' -l 'psf' -d 'Blur of the input, FWHM over spacing: 0 point samples (the safe choice), 1 blurred to its voxel size along the axes that become finer; i,j,k one per axis; auto as its sidecar tells; only for models that ask for it. (default: the model\'s)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" tile' -l 'tile' -d 'Query points per tile. (default: planned)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" volumes' -l 'volumes' -d 'Frames of a 4D input, from 0: a:b (both included) or a list. (default: all)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" nan' -l 'nan' -d 'NaN and infinite voxels: error or zero. (default: error)' -rfka 'error zero'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" mask' -l 'mask' -d 'Compute only where this mask is not 0; same field of view, any size.' -rfa '(set -l exts \'nii\' \'nii.gz\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" guide' -l 'guide' -d 'Image of another contrast on the grid of the result, for models that take two.' -rfa '(set -l exts \'nii\' \'nii.gz\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" guide-resample' -l 'guide-resample' -d 'Interpolate the guide by its affine where it lies on another grid.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" outside' -l 'outside' -d 'Outside the mask: zero or linear. (default: zero)' -rfka 'zero linear'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" background' -l 'background' -d 'A constant around the object: keep writes it where nothing else lies within 2 input voxels, compute computes everything. (default: keep; compute with --exact)' -rfka 'keep compute'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" datatype' -l 'datatype' -d 'float32, input, int16, uint16, uint8. (default: float32)' -rfka 'float32 input int16 uint16 uint8'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" compression' -l 'compression' -d 'gzip level, 0 to 9. (default: 1)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" sidecar' -l 'sidecar' -d 'JSON beside the result. (default: --sidecar)'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" no-sidecar' -l 'no-sidecar' -d 'JSON beside the result. (default: --sidecar)'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" f force' -l 'force' -s 'f' -d 'Overwrite.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" clip' -l 'clip' -d 'Limits of the result: none, input or lo,hi. (default: none)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" header-compat' -l 'header-compat' -d 'Origin as the published scripts write it, which is shifted.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" dry-run n' -s 'n' -l 'dry-run' -d 'Print the plan, write nothing.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" consistent' -l 'consistent' -d 'Change the result until it agrees with the input when it is measured again (back-projection).'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" check-consistency' -l 'check-consistency' -d 'Measure the result again and record how well it agrees with the input.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" measured-psf' -l 'measured-psf' -d 'Blur by which it is measured, FWHM over spacing, or i,j,k one per axis. (default: that of --psf, else 0: point samples)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" self-ensemble' -l 'self-ensemble' -d 'Mean over the 8 mirrorings of the input; takes 8 times as long.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" permutations' -l 'permutations' -d 'Ensemble also over the orders of axes that spacing and target allow, 48 at most.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" uncertainty' -l 'uncertainty' -d 'Standard deviation over the ensemble as a volume; implies --self-ensemble.' -rfa '(set -l exts \'nii\' \'nii.gz\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" report' -l 'report' -d 'HTML report of the run; see \'arssr report\'.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'html\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" t threads' -l 'threads' -s 't' -d 'Worker threads, or all hardware threads. (default: one per physical core)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" pin' -l 'pin' -d 'Bind workers to cores. (default: --pin with 2 or more threads)'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" no-pin' -l 'no-pin' -d 'Bind workers to cores. (default: --pin with 2 or more threads)'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" max-memory' -l 'max-memory' -d 'Most memory to use, e.g. 4G or 50%. (default: 80% of what is available)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" isa' -l 'isa' -d 'Instruction set: auto, avx512bf16, avx512, avx2, neon, sse42, generic. (default: auto)' -rfka 'auto avx512bf16 avx512 avx2 neon sse42 generic'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" exact' -l 'exact' -d 'Direct float32 path with a fixed order of sums, several times slower.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" precision' -l 'precision' -d 'What layers may multiply: float32 or bfloat16 (default model: 71 dB or more from float32, 0.001 dB lost at most); sums are float32. (default: float32)' -rfka 'float32 bfloat16'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" q quiet' -l 'quiet' -s 'q' -d 'Errors only, no progress.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample"' -l 'verbose' -s 'v' -d 'More to read: -v choices and times, -vv all.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" log-file' -l 'log-file' -d 'Append everything, at debug level, to this file.' -rF
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" format' -l 'format' -d 'Results as text or json. (default: text)' -rfka 'text json'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" progress' -l 'progress' -d 'auto, bar, lines, json or none. (default: auto)' -rfka 'auto bar lines json none'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" config' -l 'config' -d 'Settings file in place of your own.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" version' -l 'version' -d 'Show the version.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr upsample" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr degrade" -eq 1' -fa '(set -l exts \'nii\' \'nii.gz\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr degrade" -eq 2' -fa '(set -l exts \'nii\' \'nii.gz\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" s scale' -l 'scale' -s 's' -d 'Factor per axis, 1 or more. (default: 2)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" spacing' -l 'spacing' -d 'Spacing of the result, in place of factors.' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" operator' -l 'operator' -d 'cubic, corner, exact, origin, psf, kspace, kspace-box, block, area; see below. (default: cubic)' -rfka 'cubic corner exact origin psf kspace kspace-box block area'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" fwhm' -l 'fwhm' -d 'Full width at half maximum of the slice profile; for psf. (default: the target spacing)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" deconvolve' -l 'deconvolve' -d 'Take the input\'s own voxel width off the slice profile, in quadrature; for psf.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" sigma' -l 'sigma' -d 'Blur by a Gaussian first, its standard deviation in input voxels; for corner, cubic, exact.' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" crop' -l 'crop' -d 'Cut the far ends to multiples of the factor first.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" noise' -l 'noise' -d 'Standard deviation, as a share of the result\'s range (3%) or in its units. (default: none)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" noise-kind' -l 'noise-kind' -d 'rician or gaussian. (default: rician)' -rfka 'rician gaussian'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" seed' -l 'seed' -d 'Seed of the noise, 0 or more. (default: 0)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" volumes' -l 'volumes' -d 'Frames of a 4D input, from 0: a:b (both included) or a list. (default: all)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" nan' -l 'nan' -d 'NaN and infinite voxels: error or zero. (default: error)' -rfka 'error zero'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" mask' -l 'mask' -d 'Set the result to 0 where this mask is 0; same field of view, any size.' -rfa '(set -l exts \'nii\' \'nii.gz\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" datatype' -l 'datatype' -d 'float32, input, int16, uint16, uint8. (default: float32)' -rfka 'float32 input int16 uint16 uint8'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" compression' -l 'compression' -d 'gzip level, 0 to 9. (default: 1)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" sidecar' -l 'sidecar' -d 'JSON beside the result. (default: --sidecar)'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" no-sidecar' -l 'no-sidecar' -d 'JSON beside the result. (default: --sidecar)'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" f force' -l 'force' -s 'f' -d 'Overwrite.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" t threads' -l 'threads' -s 't' -d 'Worker threads, or all hardware threads. (default: one per physical core)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" pin' -l 'pin' -d 'Bind workers to cores. (default: --pin with 2 or more threads)'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" no-pin' -l 'no-pin' -d 'Bind workers to cores. (default: --pin with 2 or more threads)'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" max-memory' -l 'max-memory' -d 'Most memory to use, e.g. 4G or 50%. (default: 80% of what is available)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" q quiet' -l 'quiet' -s 'q' -d 'Errors only, no progress.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade"' -l 'verbose' -s 'v' -d 'More to read: -v choices and times, -vv all.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" log-file' -l 'log-file' -d 'Append everything, at debug level, to this file.' -rF
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" format' -l 'format' -d 'Results as text or json. (default: text)' -rfka 'text json'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" progress' -l 'progress' -d 'auto, bar, lines, json or none. (default: auto)' -rfka 'auto bar lines json none'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" config' -l 'config' -d 'Settings file in place of your own.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" version' -l 'version' -d 'Show the version.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr degrade" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" data' -l 'data' -d 'Volumes to train on: a folder, a BIDS dataset, or @list.txt with a path per line.' -rfa '(__arssr_complete_directories)'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" validate' -l 'validate' -d 'Volumes to validate with, in place of a share of --data.' -rfa '(__arssr_complete_directories)'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" validation-share' -l 'validation-share' -d 'Share of the subjects of --data that is kept to validate with; 0: none. (default: 0.1)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" suffixes' -l 'suffixes' -d 'Contrasts to take from a BIDS dataset. (default: T1w)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" mix-spacings' -l 'mix-spacings' -d 'Allow volumes whose voxels differ in size by more than a tenth.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" o output' -l 'output' -s 'o' -d 'Folder of the result, made if absent.' -rfa '(__arssr_complete_directories)'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" preset' -l 'preset' -d 'fast or paper; see below. (default: fast)' -rfka 'fast paper'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" steps' -l 'steps' -d 'Steps of the whole training, over which the learning rate falls. (default: 30000; paper: 2500 epochs of six patches per volume)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" epochs' -l 'epochs' -d 'The same in epochs of six patches per volume, in place of --steps.' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" patience' -l 'patience' -d 'End after so many validations without a better one. (default: none)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" time-limit' -l 'time-limit' -d 'Save and stop after so many seconds; --resume goes on. (default: none)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" seed' -l 'seed' -d 'Another seed, another start and other patches. (default: 0)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" resume' -l 'resume' -d 'Go on with the training in the folder of --output, to the same bytes.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" init' -l 'init' -d 'Begin with the weights of this model.' -rfka '(__arssr_custom_completion ---completion train -- --init (count (__arssr_tokens -pc)) (__arssr_tokens -tC))'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" validate-every' -l 'validate-every' -d 'Validate and save after so many steps. (default: 1000)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" keep' -l 'keep' -d 'Keep the models of the last n validations too, as step-N.safetensors. (default: 0)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" card' -l 'card' -d 'JSON object of strings for the model\'s card, as for models convert.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" dry-run n' -s 'n' -l 'dry-run' -d 'Check everything, print the plan, write nothing.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" f force' -l 'force' -s 'f' -d 'Begin anew in a folder that holds a training.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" encoder' -l 'encoder' -d 'rdn, rescnn, srresnet. (default: srresnet; paper: rdn)' -rfka 'rdn rescnn srresnet'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" width' -l 'width' -d 'Channels of the encoder. (default: 16; paper: 64)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" blocks' -l 'blocks' -d 'Blocks of the encoder. (default: 8)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" feature-dim' -l 'feature-dim' -d 'Features per voxel. (default: 28; paper: 128)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" decoder-width' -l 'decoder-width' -d 'Width of the decoder. (default: 64; paper: 256)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" decoder-depth' -l 'decoder-depth' -d 'Layers of each of the decoder\'s two stages. (default: 3; paper: 4)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" condition' -l 'condition' -d 'What becomes of the blur of the input: deconvolution divides it out first, psf tells the network, none ignores it. (default: deconvolution; paper: none; with --init the model\'s)' -rfka 'deconvolution psf none'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" batch' -l 'batch' -d 'Patches of a step. (default: 2; paper: 15)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" patch' -l 'patch' -d 'Low-resolution voxels of a patch along each axis. (default: 16; paper: 10)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" samples' -l 'samples' -d 'Points asked for in a patch, about. (default: 8000)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" scales' -l 'scales' -d 'Range of the factors, any real number. (default: 1.5..4; paper: 2..4 in tenths)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" learning-rate' -l 'learning-rate' -d 'Highest learning rate. (default: 0.001 up to width 16, less for wider encoders; paper: 0.0001)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" precision' -l 'precision' -d 'What layers multiply: float32 or bfloat16, faster with AVX-512 BF16; weights, sums and optimiser are float32. (default: float32)' -rfka 'float32 bfloat16'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" t threads' -l 'threads' -s 't' -d 'Worker threads, or all hardware threads. (default: one per physical core)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" pin' -l 'pin' -d 'Bind workers to cores. (default: --pin with 2 or more threads)'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" no-pin' -l 'no-pin' -d 'Bind workers to cores. (default: --pin with 2 or more threads)'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" max-memory' -l 'max-memory' -d 'Most memory to use, e.g. 4G or 50%. (default: 80% of what is available)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" isa' -l 'isa' -d 'Instruction set: auto, avx512bf16, avx512, avx2, neon, sse42, generic. (default: auto)' -rfka 'auto avx512bf16 avx512 avx2 neon sse42 generic'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" q quiet' -l 'quiet' -s 'q' -d 'Errors only, no progress.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train"' -l 'verbose' -s 'v' -d 'More to read: -v choices and times, -vv all.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" log-file' -l 'log-file' -d 'Append everything, at debug level, to this file.' -rF
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" format' -l 'format' -d 'Results as text or json. (default: text)' -rfka 'text json'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" progress' -l 'progress' -d 'auto, bar, lines, json or none. (default: auto)' -rfka 'auto bar lines json none'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" config' -l 'config' -d 'Settings file in place of your own.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" version' -l 'version' -d 'Show the version.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr train" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr evaluate" -ge 1' -fa '(set -l exts \'nii\' \'nii.gz\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" metrics' -l 'metrics' -d 'A list of psnr, ssim, mae, rmse, nrmse, hfen, dice, psi, lpcsi, lpips. (default: all but lpcsi; dice with labels and lpips with weights only)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" mask' -l 'mask' -d 'Also score inside a mask on the truth\'s grid: a file, foreground (truth above 0), or none. (default: none)' -rfa '(set -l exts \'nii\' \'nii.gz\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" range' -l 'range' -d 'Data range of psnr and ssim: truth (max - min of all its voxels) or fixed:LOW,HIGH. (default: truth)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" border' -l 'border' -d 'Voxels at every face that are left out of psnr to hfen. (default: 0)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" ssim-window' -l 'ssim-window' -d 'uniform (7 x 7 x 7) or gaussian (sigma 1.5, 11 x 11 x 11). (default: uniform)' -rfka 'uniform gaussian'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" slices' -l 'slices' -d 'Slices over which psi, lpcsi and lpips are averaged: all, or nonempty (the truth is above its least value there; with --mask: slices that meet it). (default: all)' -rfka 'all nonempty'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" mask-background' -l 'mask-background' -d 'Set what lies outside the mask to the truth\'s least value before psi and lpcsi.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" per-slice' -l 'per-slice' -d 'Also give the values of every slice, in JSON.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" lpips' -l 'lpips' -d 'The network of lpips: alex or vgg. (default: alex)' -rfka 'alex vgg'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" lpips-weights' -l 'lpips-weights' -d 'Its weights: torchvision\'s .pth, or .safetensors with the same names.' -rF
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate"' -l 'labels' -d 'Segmentation of a result, for dice; once per result, in their order. (default: the built-in segmentation of result and truth)' -rfa '(set -l exts \'nii\' \'nii.gz\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" truth-labels' -l 'truth-labels' -d 'Segmentation of the truth, for dice.' -rfa '(set -l exts \'nii\' \'nii.gz\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" seed' -l 'seed' -d 'Seed of the bootstrap intervals, and of --noise. (default: 0)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" resample' -l 'resample' -d 'Bring results that lie elsewhere onto the truth\'s grid, by cubic splines; labels by the nearest voxel.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" truth' -l 'truth' -d 'Volumes to degrade, bring back and compare with: a folder, a BIDS dataset, @list.txt or a file.' -rfa '(__arssr_complete_directories)'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate"' -l 'model' -s 'm' -d 'Model by path or name; may be given several times.' -rfka '(__arssr_custom_completion ---completion evaluate -- --model (count (__arssr_tokens -pc)) (__arssr_tokens -tC))'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate"' -l 'method' -d 'nearest, linear, cubic or lanczos3; may be given several times.' -rfka 'nearest linear cubic lanczos3'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" s scale' -l 'scale' -s 's' -d 'Factor per axis, 1 or more. (default: 2)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" spacing' -l 'spacing' -d 'Spacing of the result, in place of factors.' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" operator' -l 'operator' -d 'cubic, corner, exact, origin, psf, kspace, kspace-box, block, area; see below. (default: cubic)' -rfka 'cubic corner exact origin psf kspace kspace-box block area'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" fwhm' -l 'fwhm' -d 'Full width at half maximum of the slice profile; for psf. (default: the target spacing)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" deconvolve' -l 'deconvolve' -d 'Take the input\'s own voxel width off the slice profile, in quadrature; for psf.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" sigma' -l 'sigma' -d 'Blur by a Gaussian first, its standard deviation in input voxels; for corner, cubic, exact.' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" crop' -l 'crop' -d 'Cut the far ends to multiples of the factor first.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" noise' -l 'noise' -d 'Standard deviation, as a share of the result\'s range (3%) or in its units. (default: none)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" noise-kind' -l 'noise-kind' -d 'rician or gaussian. (default: rician)' -rfka 'rician gaussian'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" psf' -l 'psf' -d 'Blur that models are told of, as for upsample. (default: that of the operator)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" o output' -l 'output' -s 'o' -d 'Write the scores there as well: .csv, .json or .md.' -rfa '(set -l exts \'csv\' \'json\' \'md\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" report' -l 'report' -d 'HTML report: pictures of the first frame, tables, box plots.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'html\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" f force' -l 'force' -s 'f' -d 'Overwrite.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" t threads' -l 'threads' -s 't' -d 'Worker threads, or all hardware threads. (default: one per physical core)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" pin' -l 'pin' -d 'Bind workers to cores. (default: --pin with 2 or more threads)'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" no-pin' -l 'no-pin' -d 'Bind workers to cores. (default: --pin with 2 or more threads)'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" max-memory' -l 'max-memory' -d 'Most memory to use, e.g. 4G or 50%. (default: 80% of what is available)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" q quiet' -l 'quiet' -s 'q' -d 'Errors only, no progress.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate"' -l 'verbose' -s 'v' -d 'More to read: -v choices and times, -vv all.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" log-file' -l 'log-file' -d 'Append everything, at debug level, to this file.' -rF
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" format' -l 'format' -d 'Results as text or json. (default: text)' -rfka 'text json'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" progress' -l 'progress' -d 'auto, bar, lines, json or none. (default: auto)' -rfka 'auto bar lines json none'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" config' -l 'config' -d 'Settings file in place of your own.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" version' -l 'version' -d 'Show the version.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr evaluate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr report" -eq 1' -fa '(set -l exts \'nii\' \'nii.gz\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr report" i input' -l 'input' -s 'i' -d 'The volume that the result was made from.' -rfa '(set -l exts \'nii\' \'nii.gz\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr report" truth' -l 'truth' -d 'A measured volume on the result\'s grid.' -rfa '(set -l exts \'nii\' \'nii.gz\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr report" measured-psf' -l 'measured-psf' -d 'Blur of the input, FWHM over spacing, or i,j,k one per axis, by which the result is measured again. (default: what the result\'s sidecar says, else 0: point samples)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr report" o output' -l 'output' -s 'o' -d 'The HTML file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'html\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr report" f force' -l 'force' -s 'f' -d 'Overwrite.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr report" t threads' -l 'threads' -s 't' -d 'Worker threads, or all hardware threads. (default: one per physical core)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr report" pin' -l 'pin' -d 'Bind workers to cores. (default: --pin with 2 or more threads)'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr report" no-pin' -l 'no-pin' -d 'Bind workers to cores. (default: --pin with 2 or more threads)'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr report" max-memory' -l 'max-memory' -d 'Most memory to use, e.g. 4G or 50%. (default: 80% of what is available)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr report" q quiet' -l 'quiet' -s 'q' -d 'Errors only, no progress.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr report"' -l 'verbose' -s 'v' -d 'More to read: -v choices and times, -vv all.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr report" log-file' -l 'log-file' -d 'Append everything, at debug level, to this file.' -rF
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr report" format' -l 'format' -d 'Results as text or json. (default: text)' -rfka 'text json'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr report" progress' -l 'progress' -d 'auto, bar, lines, json or none. (default: auto)' -rfka 'auto bar lines json none'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr report" config' -l 'config' -d 'Settings file in place of your own.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr report" version' -l 'version' -d 'Show the version.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr report" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models" version' -l 'version' -d 'Show the version.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr models" -eq 1' -fa 'list' -d 'List the models that can be chosen by name.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr models" -eq 1' -fa 'info' -d 'Describe a model.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr models" -eq 1' -fa 'convert' -d 'Convert a checkpoint to safetensors with its card inside.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr models" -eq 1' -fa 'verify' -d 'Check a model: container, checksum, shapes, finiteness.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models list" all' -l 'all' -d 'Also files that are refused or hidden by another of the same name.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models list" q quiet' -l 'quiet' -s 'q' -d 'Errors only, no progress.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models list"' -l 'verbose' -s 'v' -d 'More to read: -v choices and times, -vv all.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models list" log-file' -l 'log-file' -d 'Append everything, at debug level, to this file.' -rF
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models list" format' -l 'format' -d 'Results as text or json. (default: text)' -rfka 'text json'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models list" progress' -l 'progress' -d 'auto, bar, lines, json or none. (default: auto)' -rfka 'auto bar lines json none'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models list" config' -l 'config' -d 'Settings file in place of your own.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models list" version' -l 'version' -d 'Show the version.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr models info" -eq 1' -fka '(__arssr_custom_completion ---completion models info -- positional@0 (count (__arssr_tokens -pc)) (__arssr_tokens -tC))'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models info" tensors' -l 'tensors' -d 'List the tensors with their shapes too; JSON always has them.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models info" q quiet' -l 'quiet' -s 'q' -d 'Errors only, no progress.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models info"' -l 'verbose' -s 'v' -d 'More to read: -v choices and times, -vv all.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models info" log-file' -l 'log-file' -d 'Append everything, at debug level, to this file.' -rF
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models info" format' -l 'format' -d 'Results as text or json. (default: text)' -rfka 'text json'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models info" progress' -l 'progress' -d 'auto, bar, lines, json or none. (default: auto)' -rfka 'auto bar lines json none'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models info" config' -l 'config' -d 'Settings file in place of your own.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models info" version' -l 'version' -d 'Show the version.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models info" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr models convert" -eq 1' -fka '(__arssr_custom_completion ---completion models convert -- positional@0 (count (__arssr_tokens -pc)) (__arssr_tokens -tC))'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr models convert" -eq 2' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'safetensors\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models convert" card' -l 'card' -d 'JSON object of strings with the keys of --set.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models convert"' -l 'set' -d 'A value of the card, e.g. arssr.residual=bspline3; repeatable, wins over --card.' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models convert" name' -l 'name' -d 'Title of the model.' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models convert" f force' -l 'force' -s 'f' -d 'Overwrite.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models convert" q quiet' -l 'quiet' -s 'q' -d 'Errors only, no progress.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models convert"' -l 'verbose' -s 'v' -d 'More to read: -v choices and times, -vv all.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models convert" log-file' -l 'log-file' -d 'Append everything, at debug level, to this file.' -rF
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models convert" format' -l 'format' -d 'Results as text or json. (default: text)' -rfka 'text json'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models convert" progress' -l 'progress' -d 'auto, bar, lines, json or none. (default: auto)' -rfka 'auto bar lines json none'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models convert" config' -l 'config' -d 'Settings file in place of your own.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models convert" version' -l 'version' -d 'Show the version.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models convert" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr models verify" -eq 1' -fka '(__arssr_custom_completion ---completion models verify -- positional@0 (count (__arssr_tokens -pc)) (__arssr_tokens -tC))'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models verify" golden' -l 'golden' -d 'Folder with a manifest.json, an input and expected outputs.' -rfa '(__arssr_complete_directories)'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models verify" q quiet' -l 'quiet' -s 'q' -d 'Errors only, no progress.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models verify"' -l 'verbose' -s 'v' -d 'More to read: -v choices and times, -vv all.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models verify" log-file' -l 'log-file' -d 'Append everything, at debug level, to this file.' -rF
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models verify" format' -l 'format' -d 'Results as text or json. (default: text)' -rfka 'text json'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models verify" progress' -l 'progress' -d 'auto, bar, lines, json or none. (default: auto)' -rfka 'auto bar lines json none'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models verify" config' -l 'config' -d 'Settings file in place of your own.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models verify" version' -l 'version' -d 'Show the version.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr models verify" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr info" -ge 1' -F
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr info" config-only' -l 'config-only' -d 'Only the settings in force and where each comes from.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr info" q quiet' -l 'quiet' -s 'q' -d 'Errors only, no progress.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr info"' -l 'verbose' -s 'v' -d 'More to read: -v choices and times, -vv all.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr info" log-file' -l 'log-file' -d 'Append everything, at debug level, to this file.' -rF
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr info" format' -l 'format' -d 'Results as text or json. (default: text)' -rfka 'text json'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr info" progress' -l 'progress' -d 'auto, bar, lines, json or none. (default: auto)' -rfka 'auto bar lines json none'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr info" config' -l 'config' -d 'Settings file in place of your own.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr info" version' -l 'version' -d 'Show the version.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr info" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_positional "arssr bench" -ge 1' -fka 'encode decode upsample kernels memory io'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" m model' -l 'model' -s 'm' -d 'Checkpoint by path or name, or random:rdn, random:rescnn or random:srresnet for the published sizes with random weights. (default: brain-t1w)' -rfka '(__arssr_custom_completion ---completion bench -- --model (count (__arssr_tokens -pc)) (__arssr_tokens -tC))'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" size' -l 'size' -d 'Voxels of the synthetic input. (default: 64,64,64)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" s scale' -l 'scale' -s 's' -d 'Factor per axis, 1 or more. (default: 2)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" background' -l 'background' -d 'Share of the synthetic input that is background, 0 around an ellipsoid, and kept: 0 or 0.5 to 0.99. (default: 0)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" repetitions' -l 'repetitions' -d 'Samples after one run to warm up. (default: 5)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" min-seconds' -l 'min-seconds' -d 'Least time of all samples together; short runs are repeated. (default: 1)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" sweep' -l 'sweep' -d 'Measure with 1, 2, 4, ... threads, every isa, or several sizes of tile.' -rfka 'threads isa tile'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" calibrate' -l 'calibrate' -d 'Measure the costs by which layers get their algorithm, to be compiled in; nothing else.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" scaling' -l 'scaling' -d 'Predict the time with 1 to 128 cores from work, bytes and calls per layer, beside what is measured here; nothing else.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" profile' -l 'profile' -d 'Time, share of peak and bytes moved of every stage and layer.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" save' -l 'save' -d 'Write the results there, as with --format json.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" compare' -l 'compare' -d 'Ratio to results saved before: above 1 it is faster now.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" fail-below' -l 'fail-below' -d 'Exit with 1 if a ratio of --compare is smaller.' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" f force' -l 'force' -s 'f' -d 'Overwrite the file of --save.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" t threads' -l 'threads' -s 't' -d 'Worker threads, or all hardware threads. (default: one per physical core)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" pin' -l 'pin' -d 'Bind workers to cores. (default: --pin with 2 or more threads)'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" no-pin' -l 'no-pin' -d 'Bind workers to cores. (default: --pin with 2 or more threads)'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" max-memory' -l 'max-memory' -d 'Most memory to use, e.g. 4G or 50%. (default: 80% of what is available)' -rfka ''
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" isa' -l 'isa' -d 'Instruction set: auto, avx512bf16, avx512, avx2, neon, sse42, generic. (default: auto)' -rfka 'auto avx512bf16 avx512 avx2 neon sse42 generic'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" exact' -l 'exact' -d 'Direct float32 path with a fixed order of sums, several times slower.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" precision' -l 'precision' -d 'What layers may multiply: float32 or bfloat16 (default model: 71 dB or more from float32, 0.001 dB lost at most); sums are float32. (default: float32)' -rfka 'float32 bfloat16'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" q quiet' -l 'quiet' -s 'q' -d 'Errors only, no progress.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench"' -l 'verbose' -s 'v' -d 'More to read: -v choices and times, -vv all.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" log-file' -l 'log-file' -d 'Append everything, at debug level, to this file.' -rF
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" format' -l 'format' -d 'Results as text or json. (default: text)' -rfka 'text json'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" progress' -l 'progress' -d 'auto, bar, lines, json or none. (default: auto)' -rfka 'auto bar lines json none'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" config' -l 'config' -d 'Settings file in place of your own.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" version' -l 'version' -d 'Show the version.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr bench" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'arssr' -n '__arssr_should_offer_completions_for_flags_or_options "arssr help" version' -l 'version' -d 'Show the version.'
