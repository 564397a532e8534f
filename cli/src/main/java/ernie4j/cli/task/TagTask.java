package ernie4j.cli.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.TextColumns;
import ernie4j.cli.report.Json;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.LongText;
import ernie4j.pipeline.TokenTagger;
import ernie4j.pipeline.json.ResultJson;
import ernie4j.training.data.Labels;
import ernie4j.training.data.Split;
import ernie4j.training.data.TagFiles;
import ernie4j.training.data.TaggedExample;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.evaluation.TaggingEvaluation;
import ernie4j.training.task.Objective;
import ernie4j.training.task.TaggingObjective;
import ernie4j.training.task.TaskSetup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Spans in texts. */
final class TagTask implements CommandTask<TaggedExample> {
  private final LabelList labels = new LabelList();
  private final TagDecoding decoding = new TagDecoding(task());

  @Override
  public String name() {
    return "tag";
  }

  @Override
  public Task task() {
    return Task.TOKEN_CLASSIFICATION;
  }

  @Override
  public String training() {
    return "Fine-tune a model to find typed spans, for example names. Files: BIO, BIOES or CoNLL, PaddleNLP's, JSON of CLUENER, doccano, Label Studio or our own.";
  }

  @Override
  public String evaluation() {
    return "Precision, recall and F1 of a tagger: a span is right if its type and both ends are.";
  }

  @Override
  public List<Object> trainingOptions() {
    return List.of(labels, decoding);
  }

  @Override
  public List<TaggedExample> read(Path file, PrintWriter err) throws IOException {
    return TagFiles.read(file);
  }

  @Override
  public List<TaggedExample> readOpen(Path file) throws IOException {
    return TagFiles.readUnlabelled(file);
  }

  @Override
  public List<TaggedExample> readUnlabelled(Path file) throws IOException {
    return TextColumns.isPlain(file)
        ? TextColumns.plainTexts(file).stream()
            .map(text -> new TaggedExample(text, List.of()))
            .toList()
        : readOpen(file);
  }

  @Override
  public List<String> texts(TaggedExample example) {
    return List.of(example.text());
  }

  @Override
  public Objective objective(
      TaskSetup setup, Split<TaggedExample> data, Map<String, List<String>> kept)
      throws IOException {
    Labels names = labels.chosen(kept.get(Task.LABEL), () -> Labels.ofSpans(data.train()));
    return new TaggingObjective(setup, names, decoding.constrainsTags(setup.model()), data);
  }

  @Override
  public Evaluated evaluate(
      Model model, List<TaggedExample> examples, Kernels kernels, Parallel parallel) {
    return TaggingEvaluation.of(TaggingEvaluation.pipeline(model, kernels, parallel), examples);
  }

  @Override
  public List<String> cautions(List<TaggedExample> examples) {
    return TaggingEvaluation.cautions(examples);
  }

  @Override
  public List<ObjectNode> predict(
      Model model, List<TaggedExample> examples, Kernels kernels, Parallel parallel) {
    TokenTagger tagger = TaggingEvaluation.pipeline(model, kernels, parallel);
    return Json.lines(
        examples,
        TaggingEvaluation.answers(tagger, examples),
        example -> Json.texts(example.text(), null),
        (line, example, result) ->
            ResultJson.addSpans(line.putArray("entities"), result.entities()));
  }

  @Override
  public Consumer<TaggedExample> answering(Model model) {
    TokenTagger tagger = TokenTagger.of(model).withLongText(LongText.WINDOW);
    return e -> tagger.tryTag(List.of(e.text()));
  }
}
