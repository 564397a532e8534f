package ernie4j.training.evaluation;

import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.Attempt;
import ernie4j.pipeline.Extraction;
import ernie4j.pipeline.InformationExtractor;
import ernie4j.training.data.ExtractionExample;
import ernie4j.training.data.ExtractionExample.Answer;
import ernie4j.training.data.ExtractionLabels;
import ernie4j.training.evaluation.Evaluated.Measures;
import ernie4j.training.evaluation.Evaluated.Outcome;
import ernie4j.training.metrics.ExtractionScores;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Evaluates answers to prompts by precision, recall and F1 over all prompts, including those
 * without any answer, and for each kind of prompt ({@link ExtractionLabels}). The extractor's
 * answers on whole texts are compared by characters; the reference compares tokens of pieces.
 */
public final class ExtractionEvaluation {
  /** The metric that decides which model is kept: the F1 of answers in percent. */
  public static final String F1 = "f1";

  private ExtractionEvaluation() {}

  /**
   * Creates the pipeline to evaluate.
   *
   * @param model an information extractor
   * @param kernels the arithmetic to compute with
   * @param parallel the threads to compute on; stays open
   * @return a pipeline for {@link #answers} and {@link #of}
   */
  public static InformationExtractor pipeline(Model model, Kernels kernels, Parallel parallel) {
    return InformationExtractor.of(model, kernels).withExecution(Attempts.execution(parallel));
  }

  /**
   * Warns if no prompt has an answer.
   *
   * @param examples the examples to evaluate on
   * @return sentences for people; empty if the metrics mean something
   */
  public static List<String> cautions(List<ExtractionExample> examples) {
    return Cautions.ifAll(
        examples,
        example -> example.answers().isEmpty(),
        "none of the %,d prompts to evaluate on has an answer; every metric is 0");
  }

  /**
   * Runs a pipeline on examples without looking at their answers.
   *
   * @param extractor the pipeline to run
   * @param examples texts with prompts, with or without answers
   * @return the extractions or an error per example, in their order
   */
  public static List<Attempt<List<Extraction>>> answers(
      InformationExtractor extractor, List<ExtractionExample> examples) {
    return extractor.tryAsk(
        examples.stream()
            .map(e -> new InformationExtractor.Query(e.content(), e.prompt()))
            .toList());
  }

  /**
   * Evaluates a pipeline.
   *
   * @param extractor the pipeline to evaluate
   * @param examples texts with prompts and their answers
   * @return precision, recall and F1 in percent, the same for each kind of prompt, and one outcome
   *     per example
   */
  public static Evaluated of(InformationExtractor extractor, List<ExtractionExample> examples) {
    List<Attempt<List<Extraction>>> answers = answers(extractor, examples);
    Map<String, String> kinds = ExtractionLabels.of(examples);
    ExtractionScores all = new ExtractionScores();
    Map<String, ExtractionScores> byLabel = new TreeMap<>();
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      ExtractionExample example = examples.get(i);
      Attempt<List<Extraction>> attempt = answers.get(i);
      List<Extraction> found = attempt.isSuccess() ? attempt.result() : List.of();
      ExtractionExample predicted = predicted(example, found);
      ExtractionScores own = scores(example, predicted);
      all.add(own);
      byLabel
          .computeIfAbsent(
              kinds.getOrDefault(example.prompt(), example.prompt()), l -> new ExtractionScores())
          .add(own);
      outcomes.add(outcome(example, predicted, own, attempt));
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(F1, all.f1());
    metrics.put("precision", all.precision());
    metrics.put("recall", all.recall());
    Map<String, Measures> labels = new LinkedHashMap<>();
    byLabel.forEach(
        (label, s) ->
            labels.put(
                label,
                new Measures(s.precision(), s.recall(), s.f1(), s.expected(), s.predicted())));
    return new Evaluated(metrics, Optional.empty(), outcomes, labels);
  }

  /**
   * Replaces the answers of an example by those that were found.
   *
   * @param example the example that was asked about; not changed
   * @param found the extractions for it
   * @return an example with the same text and prompt, whose answers are the extractions in their
   *     order
   */
  public static ExtractionExample predicted(ExtractionExample example, List<Extraction> found) {
    List<Answer> places = new ArrayList<>();
    for (Extraction extraction : found) {
      if (extraction.isOption()) {
        int start = option(example.prompt(), extraction.text());
        places.add(Answer.ofPrompt(start, start + extraction.text().length()));
      } else {
        places.add(Answer.ofText(extraction.start(), extraction.end()));
      }
    }
    return new ExtractionExample(example.content(), example.prompt(), places);
  }

  /**
   * The position of an option in a prompt: as a whole option or, failing that, anywhere in its
   * text.
   */
  private static int option(String prompt, String text) {
    String asked = InformationExtractor.prompt(prompt);
    for (int at = asked.indexOf(text); at >= 0; at = asked.indexOf(text, at + 1)) {
      int end = at + text.length();
      boolean begins = at > 0 && "[,".indexOf(asked.charAt(at - 1)) >= 0;
      if (begins && end < asked.length() && ",]".indexOf(asked.charAt(end)) >= 0) {
        return at;
      }
    }
    return Math.max(0, asked.lastIndexOf(text));
  }

  private static ExtractionScores scores(ExtractionExample expected, ExtractionExample predicted) {
    ExtractionScores scores = new ExtractionScores();
    scores.add(
        edges(expected, true),
        edges(expected, false),
        edges(predicted, true),
        edges(predicted, false));
    return scores;
  }

  /** 1 for every character of prompt and text at which an answer begins or, otherwise, ends. */
  private static double[] edges(ExtractionExample example, boolean starts) {
    int prompt = example.prompt().length();
    double[] edges = new double[prompt + example.content().length()];
    for (Answer answer : example.answers()) {
      int place = starts ? answer.start() : answer.end() - 1;
      edges[answer.inPrompt() ? place : prompt + place] = 1;
    }
    return edges;
  }

  private static Outcome outcome(
      ExtractionExample example,
      ExtractionExample predicted,
      ExtractionScores scores,
      Attempt<List<Extraction>> attempt) {
    boolean nothing = scores.expected() == 0 && scores.predicted() == 0;
    return new Outcome(
        example.prompt() + " | " + example.content(),
        MarkedText.of(example),
        attempt.error().orElse(MarkedText.of(predicted)),
        nothing && attempt.isSuccess() ? 1 : scores.f1() / 100);
  }
}
