package ernie4j.cli.train;

import picocli.CommandLine.Command;

/** Has a subcommand for every task. */
@Command(
    name = "evaluate",
    description = "Measure how good a model is.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "TASK",
    modelTransformer = TaskSubcommands.OfEvaluate.class)
public final class EvaluateCommand {}
