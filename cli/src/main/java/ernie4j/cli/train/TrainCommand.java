package ernie4j.cli.train;

import picocli.CommandLine.Command;

/** Has a subcommand for every task, and others for trainings without a single task. */
@Command(
    name = "train",
    description = "Fine-tune a model.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "TASK",
    modelTransformer = TaskSubcommands.OfTrain.class,
    subcommands = {TrainMlmCommand.class, TrainMultitaskCommand.class})
public final class TrainCommand {}
