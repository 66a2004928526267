// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cstdint>
#include <type_traits>

#include "solver/core/buffer.h"

using namespace stillpoint;

class TestBuffer : public QObject {
    Q_OBJECT

 private slots:
    void isAlignedAndZero();
    void emptyOwnsNothing();
    void moveLeavesNothingBehind();
    void moveAssignmentTakesOver();
    void cloneIsIndependent();
    void cannotBeCopiedByAccident();
};

void TestBuffer::isAlignedAndZero() {
    for (const std::size_t size : {1u, 3u, 17u, 1000u, 4097u}) {
        const Buffer buffer(size);
        QCOMPARE(buffer.size(), size);
        QCOMPARE(reinterpret_cast<std::uintptr_t>(buffer.data()) % 64, std::uintptr_t{0});
        for (const Real value : buffer) QCOMPARE(value, Real(0));
        const ComplexBuffer spectrum(size);
        QCOMPARE(reinterpret_cast<std::uintptr_t>(spectrum.data()) % 64, std::uintptr_t{0});
        for (const Complex value : spectrum) QVERIFY(value == Complex(0));
    }
}

void TestBuffer::emptyOwnsNothing() {
    const Buffer none;
    const Buffer zero(0);
    QVERIFY(none.empty() && zero.empty());
    QVERIFY(none.data() == nullptr && zero.data() == nullptr);
    QVERIFY(zero.clone().empty());
    QVERIFY(zero.begin() == zero.end());
}

void TestBuffer::moveLeavesNothingBehind() {
    Buffer first(5);
    first[4] = 2;
    const Real* address = first.data();
    const Buffer second(std::move(first));
    QVERIFY(second.data() == address);
    QCOMPARE(second.size(), std::size_t{5});
    QCOMPARE(second[4], Real(2));
    QVERIFY(first.empty() && first.data() == nullptr);
}

void TestBuffer::moveAssignmentTakesOver() {
    Buffer first(5);
    Buffer second(9);
    const Real* address = first.data();
    second = std::move(first);
    QVERIFY(second.data() == address);
    QCOMPARE(second.size(), std::size_t{5});
}

void TestBuffer::cloneIsIndependent() {
    Buffer first(3);
    for (std::size_t i = 0; i < 3; ++i) first[i] = static_cast<Real>(i + 1);
    Buffer second = first.clone();
    QVERIFY(second.data() != first.data());
    second[0] = 10;
    QCOMPARE(first[0], Real(1));
    QCOMPARE(second[0], Real(10));
    QCOMPARE(second[2], Real(3));
}

void TestBuffer::cannotBeCopiedByAccident() {
    QVERIFY(!std::is_copy_constructible_v<Buffer> && !std::is_copy_assignable_v<Buffer>);
    QVERIFY(std::is_nothrow_move_constructible_v<Buffer> && std::is_nothrow_move_assignable_v<Buffer>);
}

QTEST_APPLESS_MAIN(TestBuffer)
#include "tst_buffer.moc"
