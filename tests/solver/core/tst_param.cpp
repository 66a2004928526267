// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <bit>
#include <cmath>
#include <limits>
#include <locale>

#include "solver/core/param.h"
#include "solver/core/rng.h"

using namespace stillpoint;

namespace {

enum class Colour { red, green };

struct Knobs {
    double weight = 0.25;
    int count = 3;
    bool enabled = true;
    std::string name = "plain";
    Colour colour = Colour::green;
    static const ParamTable& table();
};

const ParamTable& Knobs::table() {
    static const ParamTable table =
        ParamTableOf<Knobs>()
            .real("weight", &Knobs::weight, {.label = "Weight", .minimum = 0, .maximum = 10})
            .integer("max-iter", &Knobs::count, {.label = "Count", .minimum = 1, .maximum = 100})
            .boolean("enabled", &Knobs::enabled, {.label = "On"})
            .text("name", &Knobs::name, {.label = "Name"})
            .choice("colour", &Knobs::colour, {"red", "green"}, {.label = "Colour"});
    return table;
}

const Param& knob(const char* key) {
    const Param* param = Knobs::table().find(key);
    if (param == nullptr) qFatal("no knob %s", key);
    return *param;
}

std::string fault(const char* key, std::string_view text) {
    const auto value = parseValue(knob(key), std::string("full.") + key, text);
    const auto* issue = std::get_if<Issue>(&value);
    return issue == nullptr ? std::string() : issue->key + " | " + issue->text;
}

bool gives(const char* key, std::string_view text, const Value& expected) {
    const auto value = parseValue(knob(key), key, text);
    return std::holds_alternative<Value>(value) && std::get<Value>(value) == expected;
}

// A locale with a decimal comma and grouping, whether or not the machine has one installed.
struct GermanNumbers : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
};

}  // namespace

class TestParam : public QObject {
    Q_OBJECT

 private slots:
    void tableKeepsOrderAndFindsKeys();
    void defaultsAreTheInitialisers();
    void writesThroughTheMemberPointer();
    void parsesEachKind();
    void refusesWithOneSentence_data();
    void refusesWithOneSentence();
    void suggestionsAreNotLimits();
    void rangesAreInclusive();
    void doublesRoundTripThroughText();
    void textIgnoresTheLocale();
    void errorCarriesItsKey();
};

void TestParam::tableKeepsOrderAndFindsKeys() {
    const auto params = Knobs::table().params();
    QCOMPARE(params.size(), std::size_t{5});
    const std::vector<std::string> keys{"weight", "max-iter", "enabled", "name", "colour"};
    for (std::size_t i = 0; i < keys.size(); ++i) QCOMPARE(params[i].key, keys[i]);
    QVERIFY(Knobs::table().find("max-ite") == nullptr);
    QVERIFY(Knobs::table().find("") == nullptr);
}

void TestParam::defaultsAreTheInitialisers() {
    QCOMPARE(toText(knob("weight").defaultValue), std::string("0.25"));
    QCOMPARE(toText(knob("max-iter").defaultValue), std::string("3"));
    QCOMPARE(toText(knob("enabled").defaultValue), std::string("true"));
    QCOMPARE(toText(knob("name").defaultValue), std::string("plain"));
    QCOMPARE(toText(knob("colour").defaultValue), std::string("green"));
}

void TestParam::writesThroughTheMemberPointer() {
    Knobs knobs;
    for (const auto& [key, text] : {std::pair{"weight", "7.5"},
                                    {"max-iter", "12"},
                                    {"enabled", "false"},
                                    {"name", "a b"},
                                    {"colour", "red"}}) {
        const auto value = parseValue(knob(key), key, text);
        QVERIFY2(std::holds_alternative<Value>(value), key);
        knob(key).write(&knobs, std::get<Value>(value));
        QCOMPARE(toText(knob(key).read(&knobs)), std::string(text));
    }
    QCOMPARE(knobs.weight, 7.5);
    QCOMPARE(knobs.count, 12);
    QVERIFY(!knobs.enabled);
    QCOMPARE(knobs.name, std::string("a b"));
    QVERIFY(knobs.colour == Colour::red);
}

void TestParam::parsesEachKind() {
    for (const char* text : {"true", "1", "on", "yes"}) QVERIFY2(gives("enabled", text, Value(true)), text);
    for (const char* text : {"false", "0", "off", "no"}) QVERIFY2(gives("enabled", text, Value(false)), text);
    QVERIFY(gives("weight", "+1e-2", Value(0.01)));
    QVERIFY(gives("max-iter", "42", Value(std::int64_t{42})));
}

void TestParam::refusesWithOneSentence_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("allowed");
    QTest::newRow("word for a number") << "weight"
                                       << "much"
                                       << "a number from 0 to 10";
    QTest::newRow("empty number") << "weight"
                                  << ""
                                  << "a number from 0 to 10";
    QTest::newRow("lone plus") << "weight"
                               << "+"
                               << "a number from 0 to 10";
    QTest::newRow("comma") << "weight"
                           << "0,5"
                           << "a number from 0 to 10";
    QTest::newRow("rest") << "weight"
                          << "1 px"
                          << "a number from 0 to 10";
    QTest::newRow("too small") << "weight"
                               << "-1e-9"
                               << "a number from 0 to 10";
    QTest::newRow("too large") << "weight"
                               << "10.001"
                               << "a number from 0 to 10";
    QTest::newRow("not a number") << "weight"
                                  << "nan"
                                  << "a number from 0 to 10";
    QTest::newRow("infinite") << "weight"
                              << "inf"
                              << "a number from 0 to 10";
    QTest::newRow("fraction") << "max-iter"
                              << "2.5"
                              << "a whole number from 1 to 100";
    QTest::newRow("integer overflow") << "max-iter"
                                      << "99999999999999999999"
                                      << "a whole number from 1 to 100";
    QTest::newRow("integer range") << "max-iter"
                                   << "0"
                                   << "a whole number from 1 to 100";
    QTest::newRow("boolean") << "enabled"
                             << "maybe"
                             << "true or false";
    QTest::newRow("choice") << "colour"
                            << "blue"
                            << "one of red, green";
}

void TestParam::refusesWithOneSentence() {
    QFETCH(QString, key);
    QFETCH(QString, text);
    QFETCH(QString, allowed);
    const auto given = fault(key.toUtf8().constData(), text.toStdString());
    QCOMPARE(QString::fromStdString(given),
             QStringLiteral("full.%1 | full.%1 is '%2'; allowed is %3.").arg(key, text, allowed));
}

void TestParam::suggestionsAreNotLimits() {
    Param param = knob("name");
    QCOMPARE(allowedText(param), std::string("any text"));
    param.info.suggestions = {{"small", "", ""}, {"large", "", ""}};
    QCOMPARE(allowedText(param), std::string("small, large, or any text"));
    param.info.files = "*.thing";
    QCOMPARE(allowedText(param), std::string("small, large, or a file (*.thing)"));
    QVERIFY(std::holds_alternative<Value>(parseValue(param, "name", "/there/other.thing")));
    param.info.suggestions.clear();
    QCOMPARE(allowedText(param), std::string("a file (*.thing)"));
}

void TestParam::rangesAreInclusive() {
    QCOMPARE(fault("weight", "0"), std::string());
    QCOMPARE(fault("weight", "10"), std::string());
    QCOMPARE(fault("max-iter", "1"), std::string());
    QCOMPARE(fault("max-iter", "100"), std::string());
}

void TestParam::doublesRoundTripThroughText() {
    using Limits = std::numeric_limits<double>;
    std::vector<double> numbers{0.0,
                                -0.0,
                                0.1,
                                1.0 / 3,
                                1e21,
                                1e-7,
                                123456789.0,
                                Limits::min(),
                                Limits::max(),
                                Limits::denorm_min(),
                                Limits::epsilon(),
                                -Limits::max()};
    for (std::uint32_t i = 0; i < 20000; ++i) {
        const auto words = philox({i, 0, 0, 0}, {7, 7});
        const double number = std::bit_cast<double>(std::uint64_t{words[0]} << 32 | words[1]);
        if (std::isfinite(number)) numbers.push_back(number);
    }
    for (const double number : numbers) {
        const auto back = parseDouble(toText(number));
        QVERIFY2(back.has_value(), toText(number).c_str());
        QCOMPARE(std::bit_cast<std::uint64_t>(*back), std::bit_cast<std::uint64_t>(number));
    }
    QCOMPARE(toText(0.1), std::string("0.1"));
    QCOMPARE(toText(1e-5), std::string("1e-05"));
    QVERIFY(std::isnan(parseDouble("nan").value_or(0)));
    QVERIFY(!parseDouble("1e999"));
}

void TestParam::textIgnoresTheLocale() {
    const std::locale previous = std::locale::global(std::locale(std::locale::classic(), new GermanNumbers));
    const std::string text = toText(1234567.5);
    const auto number = parseDouble("1234567.5");
    const auto comma = parseDouble("1234567,5");
    std::locale::global(previous);
    QCOMPARE(text, std::string("1234567.5"));
    QCOMPARE(number.value_or(0), 1234567.5);
    QVERIFY(!comma);
}

void TestParam::errorCarriesItsKey() {
    const Error error(Issue{"prior.lambda", "too large"});
    QCOMPARE(error.key(), std::string("prior.lambda"));
    QCOMPARE(std::string(error.what()), std::string("too large"));
}

QTEST_APPLESS_MAIN(TestParam)
#include "tst_param.moc"
