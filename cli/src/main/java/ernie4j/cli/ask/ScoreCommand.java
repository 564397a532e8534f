package ernie4j.cli.ask;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.ModelPath;
import ernie4j.cli.report.Json;
import ernie4j.pipeline.TextScorer;
import ernie4j.pipeline.json.ResultJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "score",
    description =
        "Give each text, or each pair of texts, a score: how well a document answers a query, how similar two sentences are.",
    mixinStandardHelpOptions = true)
public final class ScoreCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      required = true,
      converter = ModelPath.class,
      description = "A scoring model: a file, or the name of a pulled one.")
  Path model;

  @Mixin PairFlag pairs;

  @Mixin LongTextFlags flags;

  @Mixin Texts texts;

  @Override
  public Integer call() throws IOException {
    texts.requireOneSource();
    flags.requireNoWindows();
    TextScorer loaded = TextScorer.load(model).withLongText(flags.longText);
    TextScorer scorer = flags.maxLength == null ? loaded : loaded.withMaxLength(flags.maxLength);
    PrintWriter out = spec.commandLine().getOut();
    return texts.forEach(
        text -> {
          TextScorer.Result result = pairs.ask(text, scorer::score, scorer::score);
          if (texts.json) {
            ObjectNode object = Json.texts(text, null);
            ResultJson.add(object, result);
            out.println(object);
          } else {
            out.println(text);
            out.printf(Locale.ROOT, "  %.4f%n", result.value());
          }
          texts.warnIfCut(result.truncated());
        });
  }
}
