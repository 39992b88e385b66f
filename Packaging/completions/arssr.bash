__arssr_cursor_index_in_current_word() {
    local remaining="${COMP_LINE}"

    local word
    for word in "${COMP_WORDS[@]::COMP_CWORD}"; do
        remaining="${remaining##*([[:space:]])"${word}"*([[:space:]])}"
    done

    local -ir index="$((COMP_POINT - ${#COMP_LINE} + ${#remaining}))"
    if [[ "${index}" -le 0 ]]; then
        printf 0
    else
        printf %s "${index}"
    fi
}

# positional arguments:
#
# - 1: the current (sub)command's count of positional arguments
#
# required variables:
#
# - repeating_flags: the repeating flags that the current (sub)command can accept
# - non_repeating_flags: the non-repeating flags that the current (sub)command can accept
# - repeating_options: the repeating options that the current (sub)command can accept
# - non_repeating_options: the non-repeating options that the current (sub)command can accept
# - positional_number: value ignored
# - unparsed_words: unparsed words from the current command line
#
# modified variables:
#
# - non_repeating_flags: remove flags for this (sub)command that are already on the command line
# - non_repeating_options: remove options for this (sub)command that are already on the command line
# - positional_number: set to the current positional number
# - unparsed_words: remove all flags, options, and option values for this (sub)command
__arssr_offer_flags_options() {
    local -ir positional_count="${1}"
    positional_number=0

    local was_flag_option_terminator_seen=false
    local is_parsing_option_value=false

    local -ar unparsed_word_indices=("${!unparsed_words[@]}")
    local -i word_index
    for word_index in "${unparsed_word_indices[@]}"; do
        if "${is_parsing_option_value}"; then
            # This word is an option value:
            # Reset marker for next word iff not currently the last word
            [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]] && is_parsing_option_value=false
            unset "unparsed_words[${word_index}]"
            # Do not process this word as a flag or an option
            continue
        fi

        local word="${unparsed_words["${word_index}"]}"
        if ! "${was_flag_option_terminator_seen}"; then
            case "${word}" in
            --)
                unset "unparsed_words[${word_index}]"
                # by itself -- is a flag/option terminator, but if it is the last word, it is the start of a completion
                if [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]]; then
                    was_flag_option_terminator_seen=true
                fi
                continue
                ;;
            -*)
                # ${word} is a flag or an option
                # If ${word} is an option, mark that the next word to be parsed is an option value
                local option
                for option in "${repeating_options[@]}" "${non_repeating_options[@]}"; do
                    [[ "${word}" = "${option}" ]] && is_parsing_option_value=true && break
                done

                # Remove ${word} from ${non_repeating_flags} or ${non_repeating_options} so it isn't offered again
                local not_found=true
                local -i index
                for index in "${!non_repeating_flags[@]}"; do
                    if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                        unset "non_repeating_flags[${index}]"
                        non_repeating_flags=("${non_repeating_flags[@]}")
                        not_found=false
                        break
                    fi
                done
                if "${not_found}"; then
                    for index in "${!non_repeating_flags[@]}"; do
                        if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                            unset "non_repeating_flags[${index}]"
                            non_repeating_flags=("${non_repeating_flags[@]}")
                            break
                        fi
                    done
                fi
                unset "unparsed_words[${word_index}]"
                continue
                ;;
            esac
        fi

        # ${word} is neither a flag, nor an option, nor an option value
        if [[ "${positional_number}" -lt "${positional_count}" || "${positional_count}" -lt 0 ]]; then
            # ${word} is a positional
            ((positional_number++))
            unset "unparsed_words[${word_index}]"
        else
            if [[ -z "${word}" ]]; then
                # Could be completing a flag, option, or subcommand
                positional_number=-1
            else
                # ${word} is a subcommand or invalid, so stop processing this (sub)command
                positional_number=-2
            fi
            break
        fi
    done

    unparsed_words=("${unparsed_words[@]}")

    if\
        ! "${was_flag_option_terminator_seen}"\
        && ! "${is_parsing_option_value}"\
        && [[ ("${cur}" = -* && "${positional_number}" -ge 0) || "${positional_number}" -eq -1 ]]
    then
        COMPREPLY+=($(compgen -W "${repeating_flags[*]} ${non_repeating_flags[*]} ${repeating_options[*]} ${non_repeating_options[*]}" -- "${cur}"))
    fi
}

__arssr_add_completions() {
    local completion
    while IFS='' read -r completion; do
        COMPREPLY+=("${completion}")
    done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
}

__arssr_custom_complete() {
    if [[ -n "${cur}" || -z ${COMP_WORDS[${COMP_CWORD}]} || "${COMP_LINE:${COMP_POINT}:1}" != ' ' ]]; then
        local -ar words=("${COMP_WORDS[@]}")
    else
        local -ar words=("${COMP_WORDS[@]::${COMP_CWORD}}" '' "${COMP_WORDS[@]:${COMP_CWORD}}")
    fi

    "${COMP_WORDS[0]}" "${@}" "${words[@]}"
}

_arssr() {
    local state
    state="$(shopt -p;shopt -po)"
    trap "${state//$'\n'/;}" RETURN
    shopt -s extglob
    set +o history +o posix

    local -xr SAP_SHELL=bash
    local -x SAP_SHELL_VERSION
    SAP_SHELL_VERSION="$(IFS='.';printf %s "${BASH_VERSINFO[*]}")"
    local -r SAP_SHELL_VERSION

    local -r cur="${2}"
    local -r prev="${3}"

    local -i positional_number
    local -a unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")

    local -a repeating_flags=()
    local -a non_repeating_flags=(--version -h --help)
    local -a repeating_options=()
    local -a non_repeating_options=()
    __arssr_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    upsample|bids|degrade|train|learn-filters|evaluate|report|models|info|bench|help)
        # Offer subcommand argument completions
        "_arssr_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'upsample bids degrade train learn-filters evaluate report models info bench help' -- "${cur}"))
        ;;
    esac
}

_arssr_upsample() {
    repeating_flags=(--verbose -v)
    non_repeating_flags=(--isotropic --guide-resample --sidecar --no-sidecar --force -f --header-compat -n --dry-run --consistent --check-consistency --self-ensemble --permutations --uncalibrated --recursive --bids --skip-existing --keep-going --stop-on-error --res --pin --no-pin --exact --quiet -q --version -h --help)
    repeating_options=(--participant-label --session-label)
    non_repeating_options=(--scale -s --spacing --size --like --model -m --method --normalisation --psf --tile --tile-compat --volumes --nan --mask --guide --outside --background --datatype --compression --clip --measured-psf --uncertainty --report --suffix --jobs --shard --suffixes --bids-filter-file --desc --skull-stripped --threads -t --max-memory --isa --precision --log-file --format --progress --config)
    __arssr_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--scale'|'-s')
        return
        ;;
    '--spacing')
        return
        ;;
    '--size')
        return
        ;;
    '--like')
        __arssr_add_completions -o plusdirs -fX '!*.@(nii|nii.gz)'
        return
        ;;
    '--model'|'-m')
        __arssr_add_completions -W "$(__arssr_custom_complete ---completion upsample -- --model "${COMP_CWORD}" "$(__arssr_cursor_index_in_current_word)")"
        return
        ;;
    '--method')
        __arssr_add_completions -W 'model'$'\n''nearest'$'\n''linear'$'\n''cubic'$'\n''lanczos3'
        return
        ;;
    '--normalisation')
        return
        ;;
    '--psf')
        return
        ;;
    '--tile')
        return
        ;;
    '--tile-compat')
        return
        ;;
    '--volumes')
        return
        ;;
    '--nan')
        __arssr_add_completions -W 'error'$'\n''zero'
        return
        ;;
    '--mask')
        __arssr_add_completions -o plusdirs -fX '!*.@(nii|nii.gz)'
        return
        ;;
    '--guide')
        __arssr_add_completions -o plusdirs -fX '!*.@(nii|nii.gz)'
        return
        ;;
    '--outside')
        __arssr_add_completions -W 'zero'$'\n''linear'
        return
        ;;
    '--background')
        __arssr_add_completions -W 'keep'$'\n''compute'
        return
        ;;
    '--datatype')
        __arssr_add_completions -W 'float32'$'\n''input'$'\n''int16'$'\n''uint16'$'\n''uint8'
        return
        ;;
    '--compression')
        return
        ;;
    '--clip')
        return
        ;;
    '--measured-psf')
        return
        ;;
    '--uncertainty')
        __arssr_add_completions -o plusdirs -fX '!*.@(nii|nii.gz)'
        return
        ;;
    '--report')
        __arssr_add_completions -o plusdirs -fX '!*.@(html)'
        return
        ;;
    '--suffix')
        return
        ;;
    '--jobs')
        return
        ;;
    '--shard')
        return
        ;;
    '--participant-label')
        return
        ;;
    '--session-label')
        return
        ;;
    '--suffixes')
        return
        ;;
    '--bids-filter-file')
        __arssr_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    '--desc')
        return
        ;;
    '--skull-stripped')
        __arssr_add_completions -W 'yes'$'\n''no'
        return
        ;;
    '--threads'|'-t')
        return
        ;;
    '--max-memory')
        return
        ;;
    '--isa')
        __arssr_add_completions -W 'auto'$'\n''avx512bf16'$'\n''avx512'$'\n''avx2'$'\n''neon'$'\n''sse42'$'\n''generic'
        return
        ;;
    '--precision')
        __arssr_add_completions -W 'float32'$'\n''bfloat16'
        return
        ;;
    '--log-file')
        __arssr_add_completions -f
        return
        ;;
    '--format')
        __arssr_add_completions -W 'text'$'\n''json'
        return
        ;;
    '--progress')
        __arssr_add_completions -W 'auto'$'\n''bar'$'\n''lines'$'\n''json'$'\n''none'
        return
        ;;
    '--config')
        __arssr_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __arssr_add_completions -o plusdirs -fX '!*.@(nii|nii.gz)'
        return
        ;;
    2)
        __arssr_add_completions -o plusdirs -fX '!*.@(nii|nii.gz)'
        return
        ;;
    esac
}

_arssr_bids() {
    repeating_flags=(--verbose -v)
    non_repeating_flags=(--res --isotropic --guide-resample --sidecar --no-sidecar --force -f --header-compat -n --dry-run --consistent --check-consistency --self-ensemble --permutations --uncalibrated --skip-existing --keep-going --stop-on-error --pin --no-pin --exact --skip-bids-validation --quiet -q --version -h --help)
    repeating_options=(--participant-label --session-label)
    non_repeating_options=(--suffixes --bids-filter-file --desc --skull-stripped --scale -s --spacing --size --like --model -m --method --normalisation --psf --tile --tile-compat --volumes --nan --mask --guide --outside --background --datatype --compression --clip --measured-psf --uncertainty --report --jobs --shard --threads -t --max-memory --isa --precision --nprocs --mem -w --log-file --format --progress --config)
    __arssr_offer_flags_options 3

    # Offer option value completions
    case "${prev}" in
    '--participant-label')
        return
        ;;
    '--session-label')
        return
        ;;
    '--suffixes')
        return
        ;;
    '--bids-filter-file')
        __arssr_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    '--desc')
        return
        ;;
    '--skull-stripped')
        __arssr_add_completions -W 'yes'$'\n''no'
        return
        ;;
    '--scale'|'-s')
        return
        ;;
    '--spacing')
        return
        ;;
    '--size')
        return
        ;;
    '--like')
        __arssr_add_completions -o plusdirs -fX '!*.@(nii|nii.gz)'
        return
        ;;
    '--model'|'-m')
        __arssr_add_completions -W "$(__arssr_custom_complete ---completion bids -- --model "${COMP_CWORD}" "$(__arssr_cursor_index_in_current_word)")"
        return
        ;;
    '--method')
        __arssr_add_completions -W 'model'$'\n''nearest'$'\n''linear'$'\n''cubic'$'\n''lanczos3'
        return
        ;;
    '--normalisation')
        return
        ;;
    '--psf')
        return
        ;;
    '--tile')
        return
        ;;
    '--tile-compat')
        return
        ;;
    '--volumes')
        return
        ;;
    '--nan')
        __arssr_add_completions -W 'error'$'\n''zero'
        return
        ;;
    '--mask')
        __arssr_add_completions -o plusdirs -fX '!*.@(nii|nii.gz)'
        return
        ;;
    '--guide')
        __arssr_add_completions -o plusdirs -fX '!*.@(nii|nii.gz)'
        return
        ;;
    '--outside')
        __arssr_add_completions -W 'zero'$'\n''linear'
        return
        ;;
    '--background')
        __arssr_add_completions -W 'keep'$'\n''compute'
        return
        ;;
    '--datatype')
        __arssr_add_completions -W 'float32'$'\n''input'$'\n''int16'$'\n''uint16'$'\n''uint8'
        return
        ;;
    '--compression')
        return
        ;;
    '--clip')
        return
        ;;
    '--measured-psf')
        return
        ;;
    '--uncertainty')
        __arssr_add_completions -o plusdirs -fX '!*.@(nii|nii.gz)'
        return
        ;;
    '--report')
        __arssr_add_completions -o plusdirs -fX '!*.@(html)'
        return
        ;;
    '--jobs')
        return
        ;;
    '--shard')
        return
        ;;
    '--threads'|'-t')
        return
        ;;
    '--max-memory')
        return
        ;;
    '--isa')
        __arssr_add_completions -W 'auto'$'\n''avx512bf16'$'\n''avx512'$'\n''avx2'$'\n''neon'$'\n''sse42'$'\n''generic'
        return
        ;;
    '--precision')
        __arssr_add_completions -W 'float32'$'\n''bfloat16'
        return
        ;;
    '--nprocs')
        return
        ;;
    '--mem')
        return
        ;;
    '-w')
        __arssr_add_completions -d
        return
        ;;
    '--log-file')
        __arssr_add_completions -f
        return
        ;;
    '--format')
        __arssr_add_completions -W 'text'$'\n''json'
        return
        ;;
    '--progress')
        __arssr_add_completions -W 'auto'$'\n''bar'$'\n''lines'$'\n''json'$'\n''none'
        return
        ;;
    '--config')
        __arssr_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __arssr_add_completions -d
        return
        ;;
    2)
        __arssr_add_completions -d
        return
        ;;
    3)
        __arssr_add_completions -W 'participant'$'\n''group'
        return
        ;;
    esac
}

_arssr_degrade() {
    repeating_flags=(--verbose -v)
    non_repeating_flags=(--deconvolve --crop --sidecar --no-sidecar --force -f --pin --no-pin --quiet -q --version -h --help)
    repeating_options=()
    non_repeating_options=(--scale -s --spacing --operator --fwhm --sigma --noise --noise-kind --seed --volumes --nan --mask --datatype --compression --threads -t --max-memory --log-file --format --progress --config)
    __arssr_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--scale'|'-s')
        return
        ;;
    '--spacing')
        return
        ;;
    '--operator')
        __arssr_add_completions -W 'cubic'$'\n''corner'$'\n''quadratic'$'\n''exact'$'\n''origin'$'\n''psf'$'\n''kspace'$'\n''kspace-box'$'\n''block'$'\n''area'
        return
        ;;
    '--fwhm')
        return
        ;;
    '--sigma')
        return
        ;;
    '--noise')
        return
        ;;
    '--noise-kind')
        __arssr_add_completions -W 'rician'$'\n''gaussian'
        return
        ;;
    '--seed')
        return
        ;;
    '--volumes')
        return
        ;;
    '--nan')
        __arssr_add_completions -W 'error'$'\n''zero'
        return
        ;;
    '--mask')
        __arssr_add_completions -o plusdirs -fX '!*.@(nii|nii.gz)'
        return
        ;;
    '--datatype')
        __arssr_add_completions -W 'float32'$'\n''input'$'\n''int16'$'\n''uint16'$'\n''uint8'
        return
        ;;
    '--compression')
        return
        ;;
    '--threads'|'-t')
        return
        ;;
    '--max-memory')
        return
        ;;
    '--log-file')
        __arssr_add_completions -f
        return
        ;;
    '--format')
        __arssr_add_completions -W 'text'$'\n''json'
        return
        ;;
    '--progress')
        __arssr_add_completions -W 'auto'$'\n''bar'$'\n''lines'$'\n''json'$'\n''none'
        return
        ;;
    '--config')
        __arssr_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __arssr_add_completions -o plusdirs -fX '!*.@(nii|nii.gz)'
        return
        ;;
    2)
        __arssr_add_completions -o plusdirs -fX '!*.@(nii|nii.gz)'
        return
        ;;
    esac
}

_arssr_train() {
    repeating_flags=(--verbose -v)
    non_repeating_flags=(--mix-spacings --resume -n --dry-run --force -f --mirrors --no-mirrors --residual --no-residual --pin --no-pin --quiet -q --version -h --help)
    repeating_options=()
    non_repeating_options=(--data --validate --validation-share --suffixes --output -o --preset --steps --epochs --patience --time-limit --seed --init --validate-every --keep --card --encoder --width --blocks --feature-dim --decoder-width --decoder-depth --condition --weights --operators --blur --one-axis --per-axis --noise --noise-kind --brightness --gamma --arch --layers --kernel --factors --sigma --fwhm --normalisation --optimiser --guide-suffix --patches --start --batch --patch --samples --scales --loss --learning-rate --schedule --warm-up --weight-decay --precision --threads -t --max-memory --isa --log-file --format --progress --config)
    __arssr_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--data')
        __arssr_add_completions -d
        return
        ;;
    '--validate')
        __arssr_add_completions -d
        return
        ;;
    '--validation-share')
        return
        ;;
    '--suffixes')
        return
        ;;
    '--output'|'-o')
        __arssr_add_completions -d
        return
        ;;
    '--preset')
        __arssr_add_completions -W 'fast'$'\n''paper'
        return
        ;;
    '--steps')
        return
        ;;
    '--epochs')
        return
        ;;
    '--patience')
        return
        ;;
    '--time-limit')
        return
        ;;
    '--seed')
        return
        ;;
    '--init')
        __arssr_add_completions -W "$(__arssr_custom_complete ---completion train -- --init "${COMP_CWORD}" "$(__arssr_cursor_index_in_current_word)")"
        return
        ;;
    '--validate-every')
        return
        ;;
    '--keep')
        return
        ;;
    '--card')
        __arssr_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    '--encoder')
        __arssr_add_completions -W 'rdn'$'\n''rescnn'$'\n''srresnet'
        return
        ;;
    '--width')
        return
        ;;
    '--blocks')
        return
        ;;
    '--feature-dim')
        return
        ;;
    '--decoder-width')
        return
        ;;
    '--decoder-depth')
        return
        ;;
    '--condition')
        __arssr_add_completions -W 'deconvolution'$'\n''psf'$'\n''none'
        return
        ;;
    '--weights')
        __arssr_add_completions -W 'one'$'\n''blended'
        return
        ;;
    '--operators')
        return
        ;;
    '--blur')
        return
        ;;
    '--one-axis')
        return
        ;;
    '--per-axis')
        return
        ;;
    '--noise')
        return
        ;;
    '--noise-kind')
        __arssr_add_completions -W 'rician'$'\n''gaussian'
        return
        ;;
    '--brightness')
        return
        ;;
    '--gamma')
        return
        ;;
    '--arch')
        __arssr_add_completions -W 'arssr'$'\n''srrecnn3d'$'\n''srrecnn3d-multi'$'\n''srcnn3d'$'\n''dcsrn'$'\n''rescnn'$'\n''espcn3d'
        return
        ;;
    '--layers')
        return
        ;;
    '--kernel')
        return
        ;;
    '--factors')
        return
        ;;
    '--sigma')
        return
        ;;
    '--fwhm')
        return
        ;;
    '--normalisation')
        return
        ;;
    '--optimiser')
        __arssr_add_completions -W 'adam'$'\n''descent'
        return
        ;;
    '--guide-suffix')
        return
        ;;
    '--patches')
        return
        ;;
    '--start')
        __arssr_add_completions -W 'published'$'\n''interpolation'
        return
        ;;
    '--batch')
        return
        ;;
    '--patch')
        return
        ;;
    '--samples')
        return
        ;;
    '--scales')
        return
        ;;
    '--loss')
        __arssr_add_completions -W 'l1'$'\n''l2'$'\n''caffe'
        return
        ;;
    '--learning-rate')
        return
        ;;
    '--schedule')
        __arssr_add_completions -W 'constant'$'\n''step'$'\n''cosine'$'\n''linear'
        return
        ;;
    '--warm-up')
        return
        ;;
    '--weight-decay')
        return
        ;;
    '--precision')
        __arssr_add_completions -W 'float32'$'\n''bfloat16'
        return
        ;;
    '--threads'|'-t')
        return
        ;;
    '--max-memory')
        return
        ;;
    '--isa')
        __arssr_add_completions -W 'auto'$'\n''avx512bf16'$'\n''avx512'$'\n''avx2'$'\n''neon'$'\n''sse42'$'\n''generic'
        return
        ;;
    '--log-file')
        __arssr_add_completions -f
        return
        ;;
    '--format')
        __arssr_add_completions -W 'text'$'\n''json'
        return
        ;;
    '--progress')
        __arssr_add_completions -W 'auto'$'\n''bar'$'\n''lines'$'\n''json'$'\n''none'
        return
        ;;
    '--config')
        __arssr_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    esac
}

_arssr_learn-filters() {
    repeating_flags=(--verbose -v)
    non_repeating_flags=(--mask-lr --sharpen --resume --force -f --pin --no-pin --quiet -q --version -h --help)
    repeating_options=()
    non_repeating_options=(--scale -s --patch --gradient-window --buckets --features --suffixes --lr --sampling --seed --solver --regularisation --precision --pool --faces --blend --time-limit --card --threads -t --max-memory --isa --log-file --format --progress --config)
    __arssr_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--scale'|'-s')
        return
        ;;
    '--patch')
        return
        ;;
    '--gradient-window')
        return
        ;;
    '--buckets')
        return
        ;;
    '--features')
        __arssr_add_completions -W 'lambda1_coh2'$'\n''lambda1_fa'$'\n''trace_coh2'$'\n''trace_fa'
        return
        ;;
    '--suffixes')
        return
        ;;
    '--lr')
        __arssr_add_completions -W 'interpolation'$'\n''kspace'$'\n''kspace-third'
        return
        ;;
    '--sampling')
        return
        ;;
    '--seed')
        return
        ;;
    '--solver')
        __arssr_add_completions -W 'ridge'$'\n''cg'
        return
        ;;
    '--regularisation')
        return
        ;;
    '--precision')
        __arssr_add_completions -W 'float32'$'\n''float64'
        return
        ;;
    '--pool')
        return
        ;;
    '--faces')
        __arssr_add_completions -W 'kept'$'\n''mirrored'
        return
        ;;
    '--blend')
        return
        ;;
    '--time-limit')
        return
        ;;
    '--card')
        __arssr_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    '--threads'|'-t')
        return
        ;;
    '--max-memory')
        return
        ;;
    '--isa')
        __arssr_add_completions -W 'auto'$'\n''avx512bf16'$'\n''avx512'$'\n''avx2'$'\n''neon'$'\n''sse42'$'\n''generic'
        return
        ;;
    '--log-file')
        __arssr_add_completions -f
        return
        ;;
    '--format')
        __arssr_add_completions -W 'text'$'\n''json'
        return
        ;;
    '--progress')
        __arssr_add_completions -W 'auto'$'\n''bar'$'\n''lines'$'\n''json'$'\n''none'
        return
        ;;
    '--config')
        __arssr_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __arssr_add_completions -d
        return
        ;;
    2)
        __arssr_add_completions -o plusdirs -fX '!*.@(safetensors)'
        return
        ;;
    esac
}

_arssr_evaluate() {
    repeating_flags=(--verbose -v)
    non_repeating_flags=(--mask-background --per-slice --resample --deconvolve --crop --force -f --pin --no-pin --exact --quiet -q --version -h --help)
    repeating_options=(--labels --model -m --method)
    non_repeating_options=(--metrics --mask --range --border --ssim-window --slices --lpips --lpips-weights --truth-labels --seed --truth --scale -s --spacing --operator --fwhm --sigma --noise --noise-kind --nan --psf --output -o --report --threads -t --max-memory --isa --precision --log-file --format --progress --config)
    __arssr_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--metrics')
        return
        ;;
    '--mask')
        __arssr_add_completions -o plusdirs -fX '!*.@(nii|nii.gz)'
        return
        ;;
    '--range')
        return
        ;;
    '--border')
        return
        ;;
    '--ssim-window')
        __arssr_add_completions -W 'uniform'$'\n''gaussian'
        return
        ;;
    '--slices')
        __arssr_add_completions -W 'all'$'\n''nonempty'
        return
        ;;
    '--lpips')
        __arssr_add_completions -W 'alex'$'\n''vgg'
        return
        ;;
    '--lpips-weights')
        __arssr_add_completions -f
        return
        ;;
    '--labels')
        __arssr_add_completions -o plusdirs -fX '!*.@(nii|nii.gz)'
        return
        ;;
    '--truth-labels')
        __arssr_add_completions -o plusdirs -fX '!*.@(nii|nii.gz)'
        return
        ;;
    '--seed')
        return
        ;;
    '--truth')
        __arssr_add_completions -d
        return
        ;;
    '--model'|'-m')
        __arssr_add_completions -W "$(__arssr_custom_complete ---completion evaluate -- --model "${COMP_CWORD}" "$(__arssr_cursor_index_in_current_word)")"
        return
        ;;
    '--method')
        __arssr_add_completions -W 'nearest'$'\n''linear'$'\n''cubic'$'\n''lanczos3'
        return
        ;;
    '--scale'|'-s')
        return
        ;;
    '--spacing')
        return
        ;;
    '--operator')
        __arssr_add_completions -W 'cubic'$'\n''corner'$'\n''quadratic'$'\n''exact'$'\n''origin'$'\n''psf'$'\n''kspace'$'\n''kspace-box'$'\n''block'$'\n''area'
        return
        ;;
    '--fwhm')
        return
        ;;
    '--sigma')
        return
        ;;
    '--noise')
        return
        ;;
    '--noise-kind')
        __arssr_add_completions -W 'rician'$'\n''gaussian'
        return
        ;;
    '--nan')
        __arssr_add_completions -W 'error'$'\n''zero'
        return
        ;;
    '--psf')
        return
        ;;
    '--output'|'-o')
        __arssr_add_completions -o plusdirs -fX '!*.@(csv|json|md)'
        return
        ;;
    '--report')
        __arssr_add_completions -o plusdirs -fX '!*.@(html)'
        return
        ;;
    '--threads'|'-t')
        return
        ;;
    '--max-memory')
        return
        ;;
    '--isa')
        __arssr_add_completions -W 'auto'$'\n''avx512bf16'$'\n''avx512'$'\n''avx2'$'\n''neon'$'\n''sse42'$'\n''generic'
        return
        ;;
    '--precision')
        __arssr_add_completions -W 'float32'$'\n''bfloat16'
        return
        ;;
    '--log-file')
        __arssr_add_completions -f
        return
        ;;
    '--format')
        __arssr_add_completions -W 'text'$'\n''json'
        return
        ;;
    '--progress')
        __arssr_add_completions -W 'auto'$'\n''bar'$'\n''lines'$'\n''json'$'\n''none'
        return
        ;;
    '--config')
        __arssr_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __arssr_add_completions -o plusdirs -fX '!*.@(nii|nii.gz)'
        return
        ;;
    esac
}

_arssr_report() {
    repeating_flags=(--verbose -v)
    non_repeating_flags=(--force -f --pin --no-pin --quiet -q --version -h --help)
    repeating_options=()
    non_repeating_options=(--input -i --truth --measured-psf --nan --output -o --threads -t --max-memory --log-file --format --progress --config)
    __arssr_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--input'|'-i')
        __arssr_add_completions -o plusdirs -fX '!*.@(nii|nii.gz)'
        return
        ;;
    '--truth')
        __arssr_add_completions -o plusdirs -fX '!*.@(nii|nii.gz)'
        return
        ;;
    '--measured-psf')
        return
        ;;
    '--nan')
        __arssr_add_completions -W 'error'$'\n''zero'
        return
        ;;
    '--output'|'-o')
        __arssr_add_completions -o plusdirs -fX '!*.@(html)'
        return
        ;;
    '--threads'|'-t')
        return
        ;;
    '--max-memory')
        return
        ;;
    '--log-file')
        __arssr_add_completions -f
        return
        ;;
    '--format')
        __arssr_add_completions -W 'text'$'\n''json'
        return
        ;;
    '--progress')
        __arssr_add_completions -W 'auto'$'\n''bar'$'\n''lines'$'\n''json'$'\n''none'
        return
        ;;
    '--config')
        __arssr_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __arssr_add_completions -o plusdirs -fX '!*.@(nii|nii.gz)'
        return
        ;;
    esac
}

_arssr_models() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __arssr_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|info|convert|verify)
        # Offer subcommand argument completions
        "_arssr_models_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list info convert verify' -- "${cur}"))
        ;;
    esac
}

_arssr_models_list() {
    repeating_flags=(--verbose -v)
    non_repeating_flags=(--all --quiet -q --version -h --help)
    repeating_options=()
    non_repeating_options=(--log-file --format --progress --config)
    __arssr_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--log-file')
        __arssr_add_completions -f
        return
        ;;
    '--format')
        __arssr_add_completions -W 'text'$'\n''json'
        return
        ;;
    '--progress')
        __arssr_add_completions -W 'auto'$'\n''bar'$'\n''lines'$'\n''json'$'\n''none'
        return
        ;;
    '--config')
        __arssr_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    esac
}

_arssr_models_info() {
    repeating_flags=(--verbose -v)
    non_repeating_flags=(--tensors --quiet -q --version -h --help)
    repeating_options=()
    non_repeating_options=(--log-file --format --progress --config)
    __arssr_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--log-file')
        __arssr_add_completions -f
        return
        ;;
    '--format')
        __arssr_add_completions -W 'text'$'\n''json'
        return
        ;;
    '--progress')
        __arssr_add_completions -W 'auto'$'\n''bar'$'\n''lines'$'\n''json'$'\n''none'
        return
        ;;
    '--config')
        __arssr_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __arssr_add_completions -W "$(__arssr_custom_complete ---completion models info -- positional@0 "${COMP_CWORD}" "$(__arssr_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_arssr_models_convert() {
    repeating_flags=(--verbose -v)
    non_repeating_flags=(--force -f --quiet -q --version -h --help)
    repeating_options=(--set)
    non_repeating_options=(--card --name --log-file --format --progress --config)
    __arssr_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--card')
        __arssr_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    '--set')
        return
        ;;
    '--name')
        return
        ;;
    '--log-file')
        __arssr_add_completions -f
        return
        ;;
    '--format')
        __arssr_add_completions -W 'text'$'\n''json'
        return
        ;;
    '--progress')
        __arssr_add_completions -W 'auto'$'\n''bar'$'\n''lines'$'\n''json'$'\n''none'
        return
        ;;
    '--config')
        __arssr_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __arssr_add_completions -W "$(__arssr_custom_complete ---completion models convert -- positional@0 "${COMP_CWORD}" "$(__arssr_cursor_index_in_current_word)")"
        return
        ;;
    2)
        __arssr_add_completions -o plusdirs -fX '!*.@(safetensors)'
        return
        ;;
    esac
}

_arssr_models_verify() {
    repeating_flags=(--verbose -v)
    non_repeating_flags=(--quiet -q --version -h --help)
    repeating_options=()
    non_repeating_options=(--golden --log-file --format --progress --config)
    __arssr_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--golden')
        __arssr_add_completions -d
        return
        ;;
    '--log-file')
        __arssr_add_completions -f
        return
        ;;
    '--format')
        __arssr_add_completions -W 'text'$'\n''json'
        return
        ;;
    '--progress')
        __arssr_add_completions -W 'auto'$'\n''bar'$'\n''lines'$'\n''json'$'\n''none'
        return
        ;;
    '--config')
        __arssr_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __arssr_add_completions -W "$(__arssr_custom_complete ---completion models verify -- positional@0 "${COMP_CWORD}" "$(__arssr_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_arssr_info() {
    repeating_flags=(--verbose -v)
    non_repeating_flags=(--config-only --quiet -q --version -h --help)
    repeating_options=()
    non_repeating_options=(--log-file --format --progress --config)
    __arssr_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--log-file')
        __arssr_add_completions -f
        return
        ;;
    '--format')
        __arssr_add_completions -W 'text'$'\n''json'
        return
        ;;
    '--progress')
        __arssr_add_completions -W 'auto'$'\n''bar'$'\n''lines'$'\n''json'$'\n''none'
        return
        ;;
    '--config')
        __arssr_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __arssr_add_completions -f
        return
        ;;
    esac
}

_arssr_bench() {
    repeating_flags=(--verbose -v)
    non_repeating_flags=(--calibrate --scaling --profile --force -f --pin --no-pin --exact --quiet -q --version -h --help)
    repeating_options=()
    non_repeating_options=(--model -m --size --scale -s --background --repetitions --min-seconds --sweep --save --compare --fail-below --threads -t --max-memory --isa --precision --log-file --format --progress --config)
    __arssr_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--model'|'-m')
        __arssr_add_completions -W "$(__arssr_custom_complete ---completion bench -- --model "${COMP_CWORD}" "$(__arssr_cursor_index_in_current_word)")"
        return
        ;;
    '--size')
        return
        ;;
    '--scale'|'-s')
        return
        ;;
    '--background')
        return
        ;;
    '--repetitions')
        return
        ;;
    '--min-seconds')
        return
        ;;
    '--sweep')
        __arssr_add_completions -W 'threads'$'\n''isa'$'\n''tile'
        return
        ;;
    '--save')
        __arssr_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    '--compare')
        __arssr_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    '--fail-below')
        return
        ;;
    '--threads'|'-t')
        return
        ;;
    '--max-memory')
        return
        ;;
    '--isa')
        __arssr_add_completions -W 'auto'$'\n''avx512bf16'$'\n''avx512'$'\n''avx2'$'\n''neon'$'\n''sse42'$'\n''generic'
        return
        ;;
    '--precision')
        __arssr_add_completions -W 'float32'$'\n''bfloat16'
        return
        ;;
    '--log-file')
        __arssr_add_completions -f
        return
        ;;
    '--format')
        __arssr_add_completions -W 'text'$'\n''json'
        return
        ;;
    '--progress')
        __arssr_add_completions -W 'auto'$'\n''bar'$'\n''lines'$'\n''json'$'\n''none'
        return
        ;;
    '--config')
        __arssr_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __arssr_add_completions -W 'encode'$'\n''decode'$'\n''upsample'$'\n''kernels'$'\n''memory'$'\n''io'
        return
        ;;
    esac
}

_arssr_help() {
    repeating_flags=()
    non_repeating_flags=(--version)
    repeating_options=()
    non_repeating_options=()
    __arssr_offer_flags_options -1
}

complete -o filenames -F _arssr arssr
