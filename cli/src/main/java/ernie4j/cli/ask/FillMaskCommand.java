package ernie4j.cli.ask;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.ModelPath;
import ernie4j.cli.option.Range;
import ernie4j.cli.report.Json;
import ernie4j.pipeline.FillMask;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "fill-mask",
    description = "Predict the tokens at every [MASK] of each text.",
    mixinStandardHelpOptions = true)
public final class FillMaskCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      required = true,
      converter = ModelPath.class,
      description = "A masked language model: a file, or the name of a pulled one.")
  Path model;

  @Option(
      names = "--top",
      converter = Range.Count.class,
      defaultValue = "5",
      description = "Number of tokens for each [MASK] (default: ${DEFAULT-VALUE}).")
  int top;

  @Mixin LongTextFlags flags;

  @Mixin Texts texts;

  @Override
  public Integer call() throws IOException {
    texts.requireOneSource();
    flags.requireNoWindows();
    FillMask loaded = FillMask.load(model).withLongText(flags.longText).withTop(top);
    FillMask fill = flags.maxLength == null ? loaded : loaded.withMaxLength(flags.maxLength);
    PrintWriter out = spec.commandLine().getOut();
    return texts.forEach(
        text -> {
          FillMask.Result result = fill.fill(text);
          if (texts.json) {
            out.println(toJson(result));
          } else {
            out.println(text);
            result.masks().forEach(mask -> out.println("  " + line(mask)));
          }
          texts.warnIfCut(result.truncated());
        });
  }

  private static String line(FillMask.Mask mask) {
    return mask.candidates().stream()
        .map(c -> String.format(Locale.ROOT, "%s (%.4f)", c.token(), c.probability()))
        .collect(Collectors.joining("  "));
  }

  private static ObjectNode toJson(FillMask.Result result) {
    ObjectNode object = Json.object();
    object.put("text", result.text());
    ArrayNode masks = object.putArray("masks");
    for (FillMask.Mask mask : result.masks()) {
      ObjectNode node = masks.addObject();
      node.put("start", mask.start()).put("end", mask.end());
      ArrayNode candidates = node.putArray("candidates");
      for (FillMask.Candidate c : mask.candidates()) {
        candidates.addObject().put("token", c.token()).put("probability", c.probability());
      }
    }
    object.put("truncated", result.truncated());
    return object;
  }
}
